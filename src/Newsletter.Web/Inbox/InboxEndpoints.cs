using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>What readers wrote, for the admin alone. GET changes nothing, not even from unread to read; a POST bears the form's token.</summary>
internal static partial class InboxEndpoints
{
    private const long MaxBody = 512 * 1024;
    private const int MostSkipped = 1_000_000;

    public static void MapInbox(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/inbox", Verbs.Read, ListAsync);
        pages.MapMethods("/inbox/{id:long}", Verbs.Read, ShowAsync);
        pages.MapPost("/inbox/{id:long}", ActAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBody));
    }

    private static async Task ListAsync(HttpContext context, InboxDesk desk, PageWriter pages) => await pages.WriteFormsAsync<InboxPage>(context, StatusCodes.Status200OK, new()
    {
        [nameof(InboxPage.View)] = await desk.ListAsync(QueryOf(context.Request.Query), context.RequestAborted),
        [nameof(InboxPage.Said)] = ThreadWords.Of(context.Request.Query["did"].ToString()),
        [nameof(InboxPage.Undo)] = ThreadWords.IsMark(context.Request.Query["did"].ToString()) ? NumberOf(context.Request.Query["thread"].ToString()) : null,
    });

    private static async Task ShowAsync(HttpContext context, long id, InboxDesk desk, PageWriter pages)
    {
        if (await desk.ThreadAsync(id, NumberOf(context.Request.Query["before"].ToString()), context.RequestAborted) is { } view)
            await WriteAsync(context, StatusCodes.Status200OK, view, ThreadWords.Of(context.Request.Query["did"].ToString()), TypedAnswer.None, pages);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task ActAsync(HttpContext context, long id, InboxDesk desk, InboxStore inbox, ThreadActs acts, SitePaths paths, PageWriter pages, ILogger<InboxDesk> log)
    {
        if (await AdminPost.ReadAsync(context) is not { } form)
            return;
        var act = form["act"].ToString();
        if (await inbox.FindAsync(id, context.RequestAborted) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        // From here the wish is known and holds, even if the line breaks before the answer.
        switch (await acts.DoAsync(id, act, form, CancellationToken.None))
        {
            case { IsKnown: false }:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                break;
            case { Refusal: { Length: > 0 } refusal, IsWrittenDown: var isKept }:
                // As it stands now, since that may be why: and what was typed stands there again, in a form that can be sent.
                if (await desk.ThreadAsync(id, before: null, context.RequestAborted) is { } view)
                    await WriteAsync(context, StatusCodes.Status409Conflict, view, refusal, isKept ? TypedAnswer.None : TypedAnswer.Of(form), pages);
                else // forgotten meanwhile, with its reader
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
            case var deed:
                LogActed(log, id, act);
                context.Response.Redirect(deed.LeadsToList ? string.Create(CultureInfo.InvariantCulture, $"{paths.Inbox}?did={act}&thread={id}") : $"{paths.Thread(id)}?did={act}#last");
                break;
        }
    }

    private static Task WriteAsync(HttpContext context, int status, ThreadView view, string said, TypedAnswer typed, PageWriter pages)
    {
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Conversation;
        return pages.WriteFormsAsync<ThreadPage>(context, status, new()
        {
            [nameof(ThreadPage.View)] = view,
            [nameof(ThreadPage.Said)] = said,
            [nameof(ThreadPage.Typed)] = typed,
            [nameof(ThreadPage.Key)] = Guid.NewGuid().ToString("n"),
        });
    }

    private static InboxQuery QueryOf(IQueryCollection query) => new()
    {
        State = query["state"].ToString() is ("unread" or "read" or "done" or "all") and var state ? state : "",
        Machines = query["box"] == "machines",
        Issue = query["issue"].ToString(),
        Tag = query["tag"].ToString(),
        Words = query["q"].ToString() is var words ? words[..Math.Min(words.Length, 200)] : "",
        Skip = (int)Math.Min(NumberOf(query["skip"].ToString()) ?? 0, MostSkipped),
    };

    private static long? NumberOf(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [LoggerMessage(5006, LogLevel.Information, "The admin acted on conversation {Thread}: {Act}")]
    private static partial void LogActed(ILogger log, long thread, string act);
}

/// <summary>What a page says after an act.</summary>
internal static class ThreadWords
{
    public static string Of(string act) => act switch
    {
        "done" => "It is done and out of the list; a new reply brings it back.",
        "unsubscribe" => "The reader is off the list, and is told how to take it back. You can, with newsletter subscribers resume.",
        "read" => "It is marked as read.",
        "unread" => "It is unread again.",
        "undo" => "It is as it was before.",
        "tag" or "untag" => "The tags are changed.",
        "answer" => "The answer is written down; below stands what became of it.",
        "answer-done" => "The answer is on its way, and the conversation is done.",
        "again" => "It was tried once more.",
        _ => "",
    };

    /// <summary>Whether an undo takes all of it back: it knows marks alone.</summary>
    public static bool IsMark(string act) => act is "done" or "unread";
}
