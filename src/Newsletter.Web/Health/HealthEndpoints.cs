using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>For whoever watches the process: whether it lives, and whether it can do its work. Words of one kind, nothing secret.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/health", Verbs.Read, () => TypedResults.Json(new { status = "live" }));
        pages.MapMethods("/health/ready", Verbs.Read, ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(Database database, JobStorage jobs, MailboxStore mailboxes, [FromServices] Role role, CancellationToken ct)
    {
        var (reachable, schema) = await LookAsync(database, ct);
        var worker = Worker(jobs);
        var ready = schema is "up to date" && (worker is "running" || role is Role.Web);
        return TypedResults.Json(
            new { status = ready ? "ready" : "not ready", role = role.ToString().ToLowerInvariant(), database = reachable, schema, worker, mailboxes = schema is "up to date" ? await MailAsync(mailboxes, ct) : "unknown" },
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<(string Database, string Schema)> LookAsync(Database database, CancellationToken ct)
    {
        try
        {
            await database.CheckAsync(ct);
            return ("reachable", "up to date");
        }
        catch (SchemaException)
        {
            return ("reachable", "of another version");
        }
        catch (Exception e) when (DatabaseTrouble.Explain(e, "") is not null)
        {
            return ("not reachable", "unknown");
        }
    }

    /// <summary>For whoever looks closer: a mailbox in trouble makes no process unready, for its mail waits.</summary>
    private static async Task<string> MailAsync(MailboxStore mailboxes, CancellationToken ct) =>
        await mailboxes.StatesAsync(ct) is { Count: > 0 } states ? states.Any(state => state.TroubleAt is not null) ? "in trouble" : "read" : "not read yet";

    /// <summary>A worker of any process that shares the jobs: with the embedded clock that is this one alone. Its heartbeat is of the machine's clock.</summary>
    private static string Worker(JobStorage jobs) =>
        jobs.GetMonitoringApi().Servers().Any(server => server.Heartbeat is { } beat && TimeProvider.System.GetUtcNow().UtcDateTime - beat < TimeSpan.FromMinutes(2)) ? "running" : "not running";
}
