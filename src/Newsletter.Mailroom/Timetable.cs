using Hangfire;
using Microsoft.Extensions.Hosting;

namespace Newsletter.Mailroom;

/// <summary>All recurring jobs, a line each. Set at every start, so that a storage that forgets is filled again.</summary>
internal sealed class Timetable(IRecurringJobManager jobs) : IHostedService
{
    private const string EveryFiveSeconds = "*/5 * * * * *";
    private const string EveryHalfMinute = "*/30 * * * * *";
    private const string EveryFiveMinutes = "*/5 * * * *";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.AddOrUpdate<SendingJobs>("send what is due", job => job.LookAsync(CancellationToken.None), EveryFiveSeconds);
        jobs.AddOrUpdate<ReturnsJobs>("read what came back", job => job.ReceiveAsync(CancellationToken.None), EveryHalfMinute);
        jobs.AddOrUpdate<OldEditions>("count what is old", job => job.RollUpAsync(CancellationToken.None), EveryFiveMinutes);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
