using Hangfire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Newsletter.Mailroom;

/// <summary>All recurring jobs, a line each. Set at every start, so that a storage that forgets is filled again.</summary>
/// <remarks>A job's lock may be that of a worker that was killed: this one starts all the same, and sets the timetable when the lock has ended.</remarks>
internal sealed partial class Timetable(IRecurringJobManager jobs, ILogger<Timetable> log) : IHostedService, IDisposable
{
    private const string EveryFiveSeconds = "*/5 * * * * *";
    private const string EveryHalfMinute = "*/30 * * * * *";
    private const string EveryFiveMinutes = "*/5 * * * *";

    private const string EveryNight = "17 3 * * *";

    private readonly CancellationTokenSource stopping = new();
    private Task setting = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        setting = Task.Run(SetAsync, CancellationToken.None);
        await Task.WhenAny(setting, Task.Delay(TimeSpan.FromSeconds(3), cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => stopping.CancelAsync();

    public void Dispose() => stopping.Dispose();

    private async Task SetAsync()
    {
        while (!stopping.IsCancellationRequested)
            try
            {
                Set();
                return;
            }
            catch (Exception e) // a lock that is taken, a database that is away: whoever has the timetable already works by it meanwhile
            {
                LogWaits(e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
            }
    }

    private void Set()
    {
        jobs.AddOrUpdate<SendingJobs>("send what is due", job => job.LookAsync(CancellationToken.None), EveryFiveSeconds);
        jobs.RemoveIfExists("read what came back"); // of older programs, in a storage that lasts: mailboxes are watched (ReturnsShift)
        jobs.AddOrUpdate<ReturnsJobs>("ask whether anybody is there", job => job.AskAsync(CancellationToken.None), EveryFiveMinutes);
        jobs.AddOrUpdate<AnswerJobs>("send answers", job => job.SendAsync(CancellationToken.None), EveryHalfMinute);
        jobs.AddOrUpdate<SignUpJobs>("ask who signed up", job => job.SendAsync(CancellationToken.None), EveryFiveSeconds);
        jobs.AddOrUpdate<Pauses>("end pauses", job => job.EndAsync(CancellationToken.None), EveryFiveMinutes);
        jobs.AddOrUpdate<ReaderMails>("mail readers their links", job => job.SendAsync(CancellationToken.None), EveryFiveSeconds);
        jobs.AddOrUpdate<OldEditions>("count what is old", job => job.RollUpAsync(CancellationToken.None), EveryFiveMinutes);
        jobs.AddOrUpdate<Retention>("forget what was kept long enough", job => job.LookAsync(CancellationToken.None), EveryNight);
    }

    [LoggerMessage(3008, LogLevel.Warning, "The timetable cannot be set yet: {Words}")]
    private partial void LogWaits(string words);
}
