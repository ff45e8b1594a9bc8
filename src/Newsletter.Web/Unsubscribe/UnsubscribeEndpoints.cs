using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>The link of every letter (RFC 8058, RFC 2369): GET shows a page and changes nothing, one POST unsubscribes, without cookie, redirect, login or script.</summary>
/// <remarks>Scanners open every link of a letter, and some run its script: nothing but a POST may act, and the page must not make one by itself (RFC 9110 §9.2.1).</remarks>
internal static class UnsubscribeEndpoints
{
    private const long MaxBody = 16 * 1024;
    private const string Path = "/u/{token}";

    public static void MapUnsubscribe(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods(Path, Verbs.Read, ShowAsync);
        pages.MapPost(Path, ActAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBody)).DisableAntiforgery();
    }

    private static Task ShowAsync(HttpContext context, string token, OurAddresses ours, PageWriter pages)
    {
        KeepPrivate(context.Response);
        return ours.ReadUnsubscribeToken(token) is null ? NothingHere(context) : pages.WriteAsync<UnsubscribePage>(context, StatusCodes.Status200OK, []);
    }

    private static async Task ActAsync(HttpContext context, string token, OurAddresses ours, Leaving leaving, PageWriter pages)
    {
        KeepPrivate(context.Response);
        if (ours.ReadUnsubscribeToken(token) is not { } delivery)
        {
            await NothingHere(context);
            return;
        }
        var wish = await ReadAsync(context.Request);
        // From here the wish is known and holds, even if the line breaks before the answer.
        await (wish switch
        {
            Wish.OneClick => LeaveByMailProgramAsync(context, delivery, leaving),
            Wish.Leave => LeaveByPageAsync(context, delivery, leaving, pages),
            Wish.Resume => ResumeAsync(context, delivery, leaving, pages),
            _ => Malformed(context),
        });
    }

    private static async Task LeaveByMailProgramAsync(HttpContext context, DeliveryId delivery, Leaving leaving)
    {
        await leaving.LeaveAsync(delivery, "one-click", Evidence(context), CancellationToken.None);
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("Unsubscribed.\n", context.RequestAborted);
    }

    private static async Task LeaveByPageAsync(HttpContext context, DeliveryId delivery, Leaving leaving, PageWriter pages)
    {
        await leaving.LeaveAsync(delivery, "page", Evidence(context), CancellationToken.None);
        await pages.WriteAsync<LeftPage>(context, StatusCodes.Status200OK, []);
    }

    private static async Task ResumeAsync(HttpContext context, DeliveryId delivery, Leaving leaving, PageWriter pages)
    {
        var resumed = await leaving.TakeBackAsync(delivery, Evidence(context), CancellationToken.None) is ChangeOutcome.Changed or ChangeOutcome.AlreadySo;
        await pages.WriteAsync<BackPage>(context, resumed ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, new() { [nameof(BackPage.Resumed)] = resumed });
    }

    /// <summary>What the body asks for. A POST without the field of our page is a mail program's, whatever it made of the body: nobody who wants to leave is turned away for a slip of their provider.</summary>
    private static async Task<Wish> ReadAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
            return Wish.OneClick;
        try
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return form.ContainsKey("List-Unsubscribe") ? Wish.OneClick : form["act"].ToString() switch
            {
                "leave" => Wish.Leave,
                "resume" => Wish.Resume,
                _ => Wish.OneClick,
            };
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return Wish.Unreadable;
        }
    }

    private static Task NothingHere(HttpContext context) => Empty(context, StatusCodes.Status404NotFound);

    private static Task Malformed(HttpContext context) => Empty(context, StatusCodes.Status400BadRequest);

    private static Task Empty(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    internal static void KeepPrivate(HttpResponse response)
    {
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer"; // the address is a key to the subscription
    }

    internal static string Evidence(HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Headers.UserAgent}";

    private enum Wish { OneClick, Leave, Resume, Unreadable }
}
