using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>The editions and a person's hand on them, for the admin alone. GET changes nothing; a POST bears the form's token and calls the same verb as the command line.</summary>
internal static partial class ControlEndpoints
{
    public static void MapControl(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/editions", Verbs.Read, ListAsync);
        pages.MapMethods("/editions/{id:long}", Verbs.Read, ShowAsync);
        pages.MapMethods("/editions/{id:long}/cancel", Verbs.Read, AskAsync);
        pages.MapPost("/editions/{id:long}", ActAsync);
    }

    private static async Task ListAsync(HttpContext context, ControlDesk desk, PageWriter pages) =>
        await pages.WriteFormsAsync<EditionsPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(EditionsPage.Editions)] = await desk.ListAsync(context.RequestAborted),
        });

    private static async Task ShowAsync(HttpContext context, long id, string? done, ControlDesk desk, PageWriter pages)
    {
        if (await desk.DetailsAsync(new EditionId(id), context.RequestAborted) is { } details)
            await WriteAsync(context, StatusCodes.Status200OK, details, SaidOf(done), pages);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task AskAsync(HttpContext context, long id, ControlDesk desk, PageWriter pages)
    {
        if (await desk.FindAsync(new EditionId(id), context.RequestAborted) is { } view)
            await pages.WriteFormsAsync<CancelPage>(context, StatusCodes.Status200OK, new()
            {
                [nameof(CancelPage.View)] = view,
            });
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task ActAsync(HttpContext context, long id, ControlDesk desk, Editions editions, SitePaths paths, PageWriter pages, ILogger<ControlDesk> log)
    {
        if (await AdminPost.ReadAsync(context) is not { } form)
            return;
        var act = form["act"].ToString();
        if (await desk.FindAsync(new EditionId(id), context.RequestAborted) is not { } view)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        // From here the wish is known and holds, even if the line breaks before the answer.
        switch (await EditionVerb.DoAsync(act, view.Edition, AdminPost.Why(form), editions, CancellationToken.None))
        {
            case true:
                LogActed(log, id, act);
                context.Response.Redirect($"{paths.Edition(id)}?done={act}");
                break;
            case false:
                await WriteAsync(context, StatusCodes.Status409Conflict, (await desk.DetailsAsync(new EditionId(id), context.RequestAborted))!,
                    "Nothing was changed: the edition stands elsewhere by now, as shown here.", pages);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                break;
        }
    }

    private static Task WriteAsync(HttpContext context, int status, EditionDetails details, string said, PageWriter pages) => pages.WriteFormsAsync<EditionPage>(context, status, new()
    {
        [nameof(EditionPage.Details)] = details,
        [nameof(EditionPage.Said)] = said,
    });

    private static string SaidOf(string? act) => act switch
    {
        "start" => "It has started.",
        "pause" => "It is stopped after the letters in hand, until somebody lets it go on.",
        "resume" => "It goes on.",
        "cancel" => "It is cancelled. The issue can be scheduled again; who has it already is left out then.",
        "winner-a" => "The others get subject a.",
        "winner-b" => "The others get subject b.",
        "retry-failed" or "retry-in-doubt" => "They are due once more.",
        _ => "",
    };

    [LoggerMessage(5005, LogLevel.Information, "The admin acted on edition {Edition}: {Act}")]
    private static partial void LogActed(ILogger log, long edition, string act);
}
