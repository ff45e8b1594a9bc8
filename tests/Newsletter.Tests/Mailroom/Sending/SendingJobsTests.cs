using Dapper;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>Hangfire as it runs in <c>serve</c>: over memory where the store is SQLite, over PostgreSQL where that is the store.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SendingJobsTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly TemporaryFolder folder = new();

    private SendingHome House => field ??= new(Database, TimeProvider.System);

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public async Task A_due_edition_is_started_and_sent_to_its_end_by_the_clock_alone()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(20);
        var edition = await ScheduleAsync(DateTimeOffset.UtcNow);
        using var worker = Open(server);

        await worker.StartAsync(Stop);
        await server.WaitForLettersAsync(20);
        await worker.StopAsync(Stop); // what is in hand is finished

        Assert.That(((await House.EditionAsync(edition)).State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 20))));
    }

    [Test]
    public async Task Jobs_that_run_twice_at_once_or_late_change_nothing()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(20);
        var edition = await ScheduleAsync(DateTimeOffset.UtcNow);
        using var here = Open(server);
        using var there = Open(server);

        await Task.WhenAll(Jobs(here).LookAsync(Stop), Jobs(there).LookAsync(Stop), Jobs(here).LookAsync(Stop));
        await Task.WhenAll(SendAsync(here, edition), SendAsync(here, edition), SendAsync(there, edition));
        await SendAsync(here, edition);

        Assert.That(((await House.EditionAsync(edition)).State, server.Letters.Count), Is.EqualTo((EditionState.Complete, 20)));
    }

    [Test]
    public async Task An_edition_that_is_too_late_is_held_and_nobody_gets_a_letter()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(3);
        var edition = await ScheduleAsync(DateTimeOffset.UtcNow.AddHours(-7));
        using var worker = Open(server);

        await Jobs(worker).LookAsync(Stop);
        await SendAsync(worker, edition);

        Assert.That(((await House.EditionAsync(edition)).State, server.Letters.Count), Is.EqualTo((EditionState.Held, 0)));
    }

    [Test]
    public async Task The_timetable_stands_after_each_start()
    {
        await using var server = new LoopbackSmtp();
        using var worker = Open(server);

        await worker.StartAsync(Stop);
        using var connection = worker.Services.GetRequiredService<JobStorage>().GetConnection();
        var recurring = connection.GetRecurringJobs();
        await worker.StopAsync(Stop);

        Assert.That(recurring.Select(job => job.Id), Is.EquivalentTo(new[]
        {
            "send what is due", "ask whether anybody is there", "send answers", "ask who signed up", "end pauses", "mail readers their links", "count what is old", "forget what was kept long enough",
        }));
        Assert.That(recurring.Select(job => job.LoadException), Is.All.Null);
    }

    [Test]
    public async Task What_was_begun_before_a_restart_is_finished_after_it()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(20);
        var edition = await ScheduleAsync(DateTimeOffset.UtcNow);
        using (var before = Open(server))
            await Jobs(before).LookAsync(Stop); // started, and nothing sent: the process ends here

        using var after = Open(server);
        var (began, kept) = ((await House.EditionAsync(edition)).State, server.Letters.Count);
        await after.StartAsync(Stop);
        await server.WaitForLettersAsync(20);
        await after.StopAsync(Stop);

        Assert.That((began, kept), Is.EqualTo((EditionState.Running, 0)));
        Assert.That(((await House.EditionAsync(edition)).State, await House.TallyAsync(edition)), Is.EqualTo((EditionState.Complete, new Tally(Sent: 20))));
    }

    /// <summary>Hangfire's lock is a row: who is killed while holding it leaves it behind.</summary>
    [Test]
    public async Task A_lock_that_a_killed_worker_left_does_not_stop_the_clock()
    {
        if (Home.Provider is DatabaseProvider.Sqlite)
            Assert.Ignore("in memory a lock ends with its process");
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(2);
        var edition = await ScheduleAsync(DateTimeOffset.UtcNow);
        using var killed = Open(server);
        killed.Services.GetRequiredService<JobStorage>().GetConnection().AcquireDistributedLock("recurring-jobs:lock", TimeSpan.FromSeconds(1));
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("update hangfire.lock set acquired = acquired - interval '31 seconds'", transaction: transaction), Stop);

        using var worker = Open(server);
        await worker.StartAsync(Stop);
        await server.WaitForLettersAsync(2);
        await worker.StopAsync(Stop);

        Assert.That((await House.EditionAsync(edition)).State, Is.EqualTo(EditionState.Complete));
    }

    /// <summary>As the lock of the clock: a worker that is to take a killed one's place must start.</summary>
    [Test]
    public async Task A_job_s_lock_that_a_killed_worker_left_does_not_stop_a_new_worker_from_starting()
    {
        if (Home.Provider is DatabaseProvider.Sqlite)
            Assert.Ignore("in memory a lock ends with its process");
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(2);
        var edition = await House.StartAsync();
        using var killed = Open(server);
        killed.Services.GetRequiredService<JobStorage>().GetConnection().AcquireDistributedLock("recurring-job:send what is due", TimeSpan.FromSeconds(1));

        using var worker = Open(server);
        await worker.StartAsync(Stop);
        await server.WaitForLettersAsync(2);
        await worker.StopAsync(Stop);

        Assert.That((await House.TallyAsync(edition)).Sent, Is.EqualTo(2));
    }

    private static SendingJobs Jobs(IHost host) => ActivatorUtilities.CreateInstance<SendingJobs>(host.Services);

    private static Task SendAsync(IHost host, EditionId edition) => host.Services.GetRequiredService<Dispatcher>().SendDueAsync(edition, null, Stop);

    private async Task<EditionId> ScheduleAsync(DateTimeOffset due) =>
        (await House.Editions.AddAsync(Some.RenderedIssue(), "", due, DateTimeOffset.UtcNow, Stop)).Edition.Id;

    private IHost Open(LoopbackSmtp server)
    {
        var publication = new PublicationFolder(folder.Path);
        IConfiguration configuration = Settings.Load(publication, null,
        [
            "Publication:Name=Field Notes", "Publication:FromAddress=editor@example.org", "Publication:PostalAddress=1 Mill Lane", "Publication:BaseUrl=https://news.example.org",
            $"Database:Provider={Home.Provider}", $"Database:ConnectionString={Home.ConnectionString}",
            "Relays:0:Host=127.0.0.1", $"Relays:0:Port={server.Port}", "Relays:0:Security=None",
        ]);
        return new HostBuilder().ConfigureServices(services => services.AddNewsletter(configuration, publication).AddClock(configuration).AddWorker()).Build();
    }
}
