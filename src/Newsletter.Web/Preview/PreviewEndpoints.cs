using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>The desk's pages, and what stands in their frames.</summary>
internal static class PreviewEndpoints
{
    private const int Suggested = 30;

    /// <summary>The desk: our own style sheet and script, frames of our own, nothing from elsewhere.</summary>
    private const string Desk = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void MapPreview(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/", Verbs.Read, ListAsync);
        pages.MapMethods("/issues/{name}", Verbs.Read, DeskAsync);
        pages.MapMethods("/issues/{name}/letter", Verbs.Read, LetterAsync);
        pages.MapMethods("/changes", Verbs.Read, ChangesAsync);
        pages.MapMethods("/images/{name}/{file}", Verbs.Read, ImageAsync);
        pages.MapMethods(PreviewAssets.Style.Path, Verbs.Read, (HttpContext context) => PreviewAssets.Style.WriteAsync(context));
        pages.MapMethods(PreviewAssets.Script.Path, Verbs.Read, (HttpContext context) => PreviewAssets.Script.WriteAsync(context));
    }

    private static async Task ListAsync(HttpContext context, PreviewSetup setup, PreviewDesk desk, FolderLook look, PageWriter pages)
    {
        if (!Directory.Exists(setup.Path))
        {
            context.Response.Redirect($"/issues/{Uri.EscapeDataString(Path.GetFileNameWithoutExtension(setup.Path))}");
            return;
        }
        Guard(context, Desk);
        await pages.WriteAsync<IssuesPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(IssuesPage.State)] = look.Look(),
            [nameof(IssuesPage.Issues)] = await desk.ListAsync(context.RequestAborted),
        });
    }

    private static async Task DeskAsync(HttpContext context, string name, PreviewSetup setup, PreviewDesk desk, PreviewReaders readers, ReadersToLookAt list, FolderLook look, PageWriter pages)
    {
        var state = look.Look(); // before reading: what is saved from here on is a change
        if (await desk.ShowAsync(name, context.RequestAborted) is not { } issue)
        {
            await NotThereAsync(context);
            return;
        }
        var asked = AskedReader.Of(context.Request.Query, setup.Subscriber);
        // Who looks from another machine gets no list of addresses to choose from.
        var isHere = context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from);
        Guard(context, Desk);
        await pages.WriteAsync<DeskPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(DeskPage.Model)] = new DeskModel(setup, issue, await desk.ListAsync(context.RequestAborted), await readers.ReadAsync(asked, context.RequestAborted))
            {
                View = View.Of(context.Request.Query["view"]),
                ShowsHtml = context.Request.Query["of"] == "html",
                State = state,
                Known = isHere ? await list.FirstAsync(Suggested, context.RequestAborted) : [],
            },
        });
    }

    private static async Task LetterAsync(HttpContext context, string name, PreviewSetup setup, PreviewDesk desk, PreviewReaders readers, PreviewImages images)
    {
        if (await desk.ShowAsync(name, context.RequestAborted) is not { Letter: { } letter } issue)
        {
            await NotThereAsync(context);
            return;
        }
        var view = View.Of(context.Request.Query["view"]);
        var reader = await readers.ReadAsync(AskedReader.Of(context.Request.Query, setup.Subscriber), context.RequestAborted);
        // Written by others, and hostile to the desk until shown otherwise: no script, no form, no frame, whatever the sandbox of the frame may let through.
        Guard(context, $"default-src 'none'; style-src 'unsafe-inline'; img-src {(view == View.ImagesOff ? "'none'" : "http: https: data:")}; font-src https: data:; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox");
        context.Response.Headers.XFrameOptions = "SAMEORIGIN";
        await PageWriter.WriteAsync(context, StatusCodes.Status200OK,
            PreviewCopy.Of(view == View.Page ? letter.WebHtml : letter.Html.Write(reader.Values), view, address => images.AddressOf(issue, address)));
    }

    private static async Task ImageAsync(HttpContext context, string name, string file, PreviewDesk desk)
    {
        if (await desk.ShowAsync(name, context.RequestAborted) is not { } issue || PreviewImages.Find(issue, file) is not { } image)
        {
            await NotThereAsync(context);
            return;
        }
        Guard(context, SecurityHeaders.Images);
        context.Response.ContentType = image.MediaType;
        context.Response.ContentLength = image.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(image.Content, context.RequestAborted);
    }

    /// <summary>Server-sent events: one whenever something was saved. The browser comes back by itself and says what it has seen.</summary>
    private static async Task ChangesAsync(HttpContext context, FolderLook look, IHostApplicationLifetime life, TimeProvider time)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        var seen = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : context.Request.Query["since"].ToString();
        Guard(context, Desk);
        context.Response.ContentType = "text/event-stream";
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        try
        {
            await context.Response.WriteAsync("retry: 500\n\n", stop.Token);
            await context.Response.Body.FlushAsync(stop.Token);
            while (true)
            {
                seen = await NextAsync(context.Response, look, seen, time, stop.Token);
                await context.Response.WriteAsync($"id: {seen}\nevent: change\ndata: {seen}\n\n", stop.Token);
                await context.Response.Body.FlushAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The page was closed, or we were told to stop.
        }
    }

    /// <summary>A comment now and then shows whether the browser is still there: one that is gone is looked for no longer.</summary>
    private static async Task<string> NextAsync(HttpResponse response, FolderLook look, string seen, TimeProvider time, CancellationToken ct)
    {
        var change = look.ChangedAsync(seen, ct);
        while (await Task.WhenAny(change, Task.Delay(TimeSpan.FromSeconds(15), time, ct)) != change)
        {
            await response.WriteAsync(": still here\n\n", ct);
            await response.Body.FlushAsync(ct);
        }
        return await change;
    }

    private static void Guard(HttpContext context, string policy)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private static Task NotThereAsync(HttpContext context)
    {
        Guard(context, Desk);
        return PageWriter.WriteAsync(context, StatusCodes.Status404NotFound, "There is nothing here. All issues: /\n", "text/plain; charset=utf-8");
    }
}
