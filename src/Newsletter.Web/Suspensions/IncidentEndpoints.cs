using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>Waves of the same refusal, and a person's word on them. For the admin alone; GET changes nothing, a POST bears the form's token.</summary>
internal static partial class IncidentEndpoints
{
    private const int Shown = 100;
    private const int ShownReaders = 50;

    public static void MapIncidents(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/incidents", Verbs.Read, ListAsync);
        pages.MapMethods("/incidents/{id:long}", Verbs.Read, ShowAsync);
        pages.MapPost("/incidents/{id:long}", ActAsync);
    }

    private static async Task ListAsync(HttpContext context, IncidentStore incidents, PageWriter pages) =>
        await pages.WriteFormsAsync<IncidentsPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(IncidentsPage.Incidents)] = await incidents.ListAsync(all: true, Shown, context.RequestAborted),
        });

    private static async Task ShowAsync(HttpContext context, long id, string? done, IncidentStore incidents, PageWriter pages)
    {
        if (await incidents.FindAsync(id, context.RequestAborted) is not { } incident)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await pages.WriteFormsAsync<IncidentPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(IncidentPage.Incident)] = incident,
            [nameof(IncidentPage.Readers)] = await incidents.ReadersAsync(id, new SubscriberId(0), ShownReaders, context.RequestAborted),
            [nameof(IncidentPage.Said)] = done switch { "undo" => "Undone: whom it suspended is active again.", "accept" => "Accepted: its bounces count as any.", "retry" => "The letters are due again; a paused edition has to be resumed first.", "nothing" => "No letter of it is left to send again.", _ => "" },
        });
    }

    private static async Task ActAsync(HttpContext context, long id, Incidents incidents, IncidentStore store, Editions editions, SitePaths paths, ILogger<IncidentStore> log)
    {
        if (await AdminPost.ReadAsync(context) is not { } form)
            return;
        var (act, why) = (form["act"].ToString(), AdminPost.Why(form));
        if (act is "retry" && await store.FindAsync(id, context.RequestAborted) is { Edition: { } edition })
        {
            var again = await editions.RetryAsync(edition, new DeliveryFilter(Incident: id), CancellationToken.None);
            LogDecided(log, id, act);
            context.Response.Redirect($"{paths.Incident(id)}?done={(again > 0 ? "retry" : "nothing")}");
            return;
        }
        if (act is not ("undo" or "accept"))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        // From here the wish is known and holds, even if the line breaks before the answer.
        var done = act is "undo" ? await incidents.UndoAsync(id, why, AdminPost.By, CancellationToken.None) : await incidents.AcceptAsync(id, why, AdminPost.By, CancellationToken.None);
        if (done is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        LogDecided(log, id, act);
        context.Response.Redirect($"{paths.Incident(id)}?done={act}");
    }

    [LoggerMessage(5007, LogLevel.Information, "The admin decided on incident {Incident}: {Act}")]
    private static partial void LogDecided(ILogger log, long incident, string act);
}
