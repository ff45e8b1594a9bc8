using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>Who is suspended for bounces and who is at risk, and one click to give them back. For the admin alone; GET changes nothing, a POST bears the form's token.</summary>
internal static partial class SuspensionEndpoints
{
    public static void MapSuspensions(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/suspended", Verbs.Read, ListAsync);
        pages.MapMethods("/suspended/{id:long}", Verbs.Read, ShowAsync);
        pages.MapMethods("/suspended/undo", Verbs.Read, AskAsync);
        pages.MapPost("/suspended/{id:long}", UndoOneAsync);
        pages.MapPost("/suspended/undo", UndoAllAsync);
    }

    private static async Task ListAsync(HttpContext context, string? done, SuspensionsDesk desk, PageWriter pages) =>
        await pages.WriteFormsAsync<SuspendedPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(SuspendedPage.View)] = await desk.ListAsync(context.Request.Query, context.RequestAborted),
            [nameof(SuspendedPage.Said)] = done is "undo" ? "The reader is active again, and gets the next issue." : "",
        });

    private static async Task ShowAsync(HttpContext context, long id, SuspensionsDesk desk, PageWriter pages)
    {
        if (await desk.FindAsync(new SubscriberId(id), context.RequestAborted) is { } details)
            await WriteAsync(context, StatusCodes.Status200OK, details, "", pages);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task AskAsync(HttpContext context, SuspensionsDesk desk, PageWriter pages)
    {
        var question = SuspensionsDesk.QuestionOf(name => context.Request.Query[name].ToString());
        await pages.WriteFormsAsync<UndoSuspensionsPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(UndoSuspensionsPage.Question)] = question,
            [nameof(UndoSuspensionsPage.Count)] = await desk.CountAsync(question, context.RequestAborted),
        });
    }

    private static async Task UndoOneAsync(HttpContext context, long id, SuspensionsDesk desk, Incidents incidents, SitePaths paths, PageWriter pages, ILogger<SuspensionsDesk> log)
    {
        if (await AdminPost.ReadAsync(context) is not { } form)
            return;
        // From here the wish is known and holds, even if the line breaks before the answer.
        var outcome = await incidents.UndoAsync(new SubscriberId(id), AdminPost.Why(form), AdminPost.By, CancellationToken.None);
        if (outcome is ChangeOutcome.Changed)
        {
            LogUndone(log, id);
            context.Response.Redirect($"{paths.Suspended}?done=undo");
        }
        else if (await desk.FindAsync(new SubscriberId(id), context.RequestAborted) is { } details)
        {
            await WriteAsync(context, StatusCodes.Status409Conflict, details, outcome is ChangeOutcome.Suppressed
                ? "Nothing was changed: a person of the house has barred this address."
                : "Nothing was changed: the reader stands elsewhere by now, as shown here.", pages);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static async Task UndoAllAsync(HttpContext context, Incidents incidents, SitePaths paths)
    {
        if (await AdminPost.ReadAsync(context) is not { } form)
            return;
        var question = SuspensionsDesk.QuestionOf(name => form[name].ToString());
        if (question.IsEmpty)
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        else
            context.Response.Redirect(await incidents.UndoAsync(question, AdminPost.Why(form), AdminPost.By, CancellationToken.None) is { } done ? $"{paths.Incident(done.Incident.Id)}?done=undo" : paths.Suspended);
    }

    private static Task WriteAsync(HttpContext context, int status, SuspensionDetails details, string said, PageWriter pages) => pages.WriteFormsAsync<ReaderBouncesPage>(context, status, new()
    {
        [nameof(ReaderBouncesPage.Details)] = details,
        [nameof(ReaderBouncesPage.Said)] = said,
    });

    [LoggerMessage(5008, LogLevel.Information, "The admin gave subscriber {Subscriber} back")]
    private static partial void LogUndone(ILogger log, long subscriber);
}
