using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Newsletter.Classifying;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>Where providers tell what became of letters: <c>POST /returns/NAME</c>. No cookie, no redirect; 2xx means that it is stored.</summary>
internal static class NotificationEndpoints
{
    private const long MaxBody = 1024 * 1024;
    private const int LongestHeader = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static void MapNotifications(this IEndpointRouteBuilder pages) =>
        pages.MapPost("/returns/{name}", TakeAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBody)).DisableAntiforgery();

    private static async Task TakeAsync(HttpContext context, string name, NotificationSources sources, NotificationDesk desk, NotificationGate gate)
    {
        context.Response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        if (sources.Find(name) is not { } source)
        {
            await AnswerAsync(context, StatusCodes.Status404NotFound, "There is nothing here.");
            return;
        }
        if (!IsJson(context.Request, source.Form))
        {
            await AnswerAsync(context, StatusCodes.Status415UnsupportedMediaType, "Send JSON, in UTF-8 and not compressed.");
            return;
        }
        if (desk.Look(source, header => Header(context.Request, header)) is { } refused)
        {
            await AnswerAsync(context, refused);
            return;
        }
        using var place = gate.TryEnter(source.Name);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = "10";
            await AnswerAsync(context, StatusCodes.Status429TooManyRequests, "Too many at once. Send it again.");
            return;
        }
        var body = await ReadAsync(context);
        await AnswerAsync(context, body is null ? null : await desk.TakeAsync(source, new(body, header => Header(context.Request, header)), context.RequestAborted));
    }

    private static Task AnswerAsync(HttpContext context, NotificationAnswer? answer)
    {
        var (status, words) = Say(answer);
        if (status is StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "60";
        return AnswerAsync(context, status, words);
    }

    private static (int Status, string Words) Say(NotificationAnswer? answer) => answer switch
    {
        NotificationAnswer.Taken => (StatusCodes.Status200OK, "Taken."),
        NotificationAnswer.Unproven => (StatusCodes.Status401Unauthorized, "Nothing shows who sent this."),
        NotificationAnswer.Refused => (StatusCodes.Status403Forbidden, "What should show who sent this does not hold."),
        NotificationAnswer.Unreadable => (StatusCodes.Status400BadRequest, "This is no JSON that can be read here."),
        NotificationAnswer.Later => (StatusCodes.Status503ServiceUnavailable, "Not now. Send it again."),
        _ => (StatusCodes.Status408RequestTimeout, "It took too long to come."),
    };

    /// <summary>SNS says text/plain of its JSON.</summary>
    private static bool IsJson(HttpRequest request, NotificationForm form) => request.Headers.ContentEncoding.Count == 0
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || (form is NotificationForm.Ses && type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)));

    /// <summary>One value or none: of two, who knows which was signed.</summary>
    private static string? Header(HttpRequest request, string name) => request.Headers[name] is [{ Length: <= LongestHeader } only] ? only : null;

    /// <summary>Null where it comes too slowly: a place is not held for a trickle.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        stop.CancelAfter(Patience);
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, stop.Token);
            return body.ToArray();
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(words + "\n", context.RequestAborted);
    }
}
