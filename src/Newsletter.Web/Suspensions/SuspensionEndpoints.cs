using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>Who is suspended for bounces and who is at risk, and one click to give them back. For the admin alone; GET changes nothing, a POST bears the form's token.</summary>
internal static partial class SuspensionEndpoints
{
    /// <summary>Who acts by a page, for the record.</summary>
    public const string By = "by page (admin)";

    private const long MaxBody = 16 * 1024;
    private const int LongestWhy = 200;

    public static void MapSuspensions(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/suspended", Verbs.Read, ListAsync).RequireAuthorization(Admin.Policy);
        pages.MapMethods("/suspended/{id:long}", Verbs.Read, ShowAsync).RequireAuthorization(Admin.Policy);
        pages.MapMethods("/suspended/undo", Verbs.Read, AskAsync).RequireAuthorization(Admin.Policy);
        pages.MapPost("/suspended/{id:long}", UndoOneAsync).RequireAuthorization(Admin.Policy).WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        pages.MapPost("/suspended/undo", UndoAllAsync).RequireAuthorization(Admin.Policy).WithMetadata(new RequestSizeLimitAttribute(MaxBody));
    }

    private static async Task ListAsync(HttpContext context, string? done, SuspensionsDesk desk, IAntiforgery forgery, PageWriter pages) =>
        await pages.WriteAsync<SuspendedPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(SuspendedPage.View)] = await desk.ListAsync(context.Request.Query, context.RequestAborted),
            [nameof(SuspendedPage.Said)] = done is "undo" ? "The reader is active again, and gets the next issue." : "",
            [nameof(SuspendedPage.Form)] = forgery.GetAndStoreTokens(context),
        });

    private static async Task ShowAsync(HttpContext context, long id, SuspensionsDesk desk, IAntiforgery forgery, PageWriter pages)
    {
        if (await desk.FindAsync(new SubscriberId(id), context.RequestAborted) is { } details)
            await WriteAsync(context, StatusCodes.Status200OK, details, "", forgery, pages);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task AskAsync(HttpContext context, SuspensionsDesk desk, IAntiforgery forgery, PageWriter pages)
    {
        var question = SuspensionsDesk.QuestionOf(name => context.Request.Query[name].ToString());
        await pages.WriteAsync<UndoSuspensionsPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(UndoSuspensionsPage.Question)] = question,
            [nameof(UndoSuspensionsPage.Count)] = await desk.CountAsync(question, context.RequestAborted),
            [nameof(UndoSuspensionsPage.Form)] = forgery.GetAndStoreTokens(context),
        });
    }

    private static async Task UndoOneAsync(HttpContext context, long id, SuspensionsDesk desk, Incidents incidents, IAntiforgery forgery, SitePaths paths, PageWriter pages, ILogger<SuspensionsDesk> log)
    {
        if (await FormAsync(context, forgery) is not { } form)
            return;
        // From here the wish is known and holds, even if the line breaks before the answer.
        var outcome = await incidents.UndoAsync(new SubscriberId(id), Why(form), By, CancellationToken.None);
        if (outcome is ChangeOutcome.Changed)
        {
            LogUndone(log, id);
            context.Response.Redirect($"{paths.Suspended}?done=undo");
        }
        else if (await desk.FindAsync(new SubscriberId(id), context.RequestAborted) is { } details)
        {
            await WriteAsync(context, StatusCodes.Status409Conflict, details, outcome is ChangeOutcome.Suppressed
                ? "Nothing was changed: a person of the house has barred this address."
                : "Nothing was changed: the reader stands elsewhere by now, as shown here.", forgery, pages);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static async Task UndoAllAsync(HttpContext context, Incidents incidents, IAntiforgery forgery, SitePaths paths)
    {
        if (await FormAsync(context, forgery) is not { } form)
            return;
        var question = SuspensionsDesk.QuestionOf(name => form[name].ToString());
        if (question.IsEmpty)
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        else
            context.Response.Redirect(await incidents.UndoAsync(question, Why(form), By, CancellationToken.None) is { } done ? $"{paths.Incident(done.Incident.Id)}?done=undo" : paths.Suspended);
    }

    /// <summary>Null where the token is not right; the answer is given then.</summary>
    internal static async Task<IFormCollection?> FormAsync(HttpContext context, IAntiforgery forgery)
    {
        if (await forgery.IsRequestValidAsync(context))
            return await context.Request.ReadFormAsync(context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return null;
    }

    internal static string Why(IFormCollection form) => PersonalText.OneLine(form["why"].ToString(), LongestWhy);

    private static Task WriteAsync(HttpContext context, int status, SuspensionDetails details, string said, IAntiforgery forgery, PageWriter pages) => pages.WriteAsync<ReaderBouncesPage>(context, status, new()
    {
        [nameof(ReaderBouncesPage.Details)] = details,
        [nameof(ReaderBouncesPage.Said)] = said,
        [nameof(ReaderBouncesPage.Form)] = forgery.GetAndStoreTokens(context),
    });

    [LoggerMessage(5008, LogLevel.Information, "The admin gave subscriber {Subscriber} back")]
    private static partial void LogUndone(ILogger log, long subscriber);
}
