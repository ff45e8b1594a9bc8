using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>The folder of the journals, as an operator and other workers leave it.</summary>
public sealed class JournalFolderTests : DatabaseTests<SqliteHome>
{
    private const string Elsewhere = "elsewhere|boot|1|1|1";

    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly TemporaryFolder folder = new();

    private SendingHome House => field ??= new(Database, TimeProvider.System) { Journals = folder.File("journals") };

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public async Task An_edition_goes_on_once_the_folder_can_be_written()
    {
        await using var server = new LoopbackSmtp();
        await House.SubscribeAsync(3);
        var edition = await House.StartAsync();
        await using var dispatcher = House.Dispatcher(server);

        await File.WriteAllTextAsync(House.Journals, "in its place", Stop);
        Assert.That(() => dispatcher.SendDueAsync(edition, null, Stop), Throws.InstanceOf<IOException>());
        File.Delete(House.Journals);
        await dispatcher.SendDueAsync(edition, null, Stop);

        Assert.That(await House.TallyAsync(edition), Is.EqualTo(new Tally(Sent: 3)));
    }

    [TestCase(true, 1)]
    [TestCase(false, 0)]
    public async Task What_a_dead_worker_has_left_is_taken_over_by_its_own_ledger_alone(bool isOurs, int sent)
    {
        await House.SubscribeAsync(1);
        var edition = await House.StartAsync();
        var dead = WorkerNameTests.NameOf(Environment.ProcessId, "1");
        var claim = (await House.Deliveries.ClaimAsync(edition, dead, DateTimeOffset.UtcNow.AddMinutes(2), DateTimeOffset.UtcNow, 1, Stop)).Single();
        using (var journal = new ResultJournal(House.Journals, dead, isOurs ? await House.Deliveries.LedgerAsync(Stop) : "another"))
            journal.Add(JournalEntry.Of(Accepted(claim)));

        await using (var dispatcher = House.Dispatcher(SendingHome.Quick(), new SmtpTransport(new() { Host = "127.0.0.1", Port = 1 })))
            await dispatcher.SendDueAsync(edition, null, Stop);

        Assert.That(((await House.TallyAsync(edition)).Sent, Directory.GetFiles(House.Journals).Length), Is.EqualTo((sent, isOurs ? 0 : 2)));
    }

    /// <summary>Every look at the clock is a minute later, and after some look the claim has run out: between two of the recovery's as well.</summary>
    [Test]
    public async Task What_a_silent_worker_has_written_counts_at_whatever_moment_its_claim_runs_out([Range(0, 12)] int look)
    {
        var began = DateTimeOffset.UtcNow;
        var clock = new FakeTimeProvider(began) { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };
        var house = new SendingHome(Database, clock) { Journals = House.Journals };
        await House.SubscribeAsync(1);
        var edition = await House.StartAsync();
        var claim = (await house.Deliveries.ClaimAsync(edition, Elsewhere, began.AddMinutes(look + 0.5), DateTimeOffset.UtcNow, 1, Stop)).Single();
        using var journal = new ResultJournal(house.Journals, Elsewhere, await house.Deliveries.LedgerAsync(Stop));
        journal.Add(JournalEntry.Of(Accepted(claim)));

        await using var server = new LoopbackSmtp();
        await using var dispatcher = house.Dispatcher(server);
        while ((await house.TallyAsync(edition)).Sent == 0)
            await dispatcher.SendDueAsync(edition, null, Stop);

        Assert.That(server.Letters, Is.Empty);
    }

    [TestCase(25, false, 0, 0)]
    [TestCase(23, false, 1, 1)]
    [TestCase(25, true, 1, 0)]
    public async Task A_journal_of_another_boot_is_taken_away_when_it_was_silent_for_a_day_and_its_worker_holds_nothing(int hours, bool holds, int journals, int letters)
    {
        await House.SubscribeAsync(1);
        var edition = await House.StartAsync();
        var now = DateTimeOffset.UtcNow;
        var claim = (await House.Deliveries.ClaimAsync(edition, Elsewhere, now.AddMinutes(2), now, 1, Stop)).Single();
        using (var journal = new ResultJournal(House.Journals, Elsewhere, await House.Deliveries.LedgerAsync(Stop)))
        {
            journal.Add(JournalEntry.Of(Accepted(claim)));
            journal.ShowLife(now.AddHours(-hours));
        }
        if (!holds)
            await House.Deliveries.ReleaseAsync([claim], now.AddHours(1)); // by a machine that could not read the journal

        await using var server = new LoopbackSmtp();
        await using var dispatcher = House.Dispatcher(server);
        await dispatcher.SendDueAsync(edition, null, Stop);

        var left = ResultJournal.Of([Elsewhere], House.Journals, await House.Deliveries.LedgerAsync(Stop));
        Assert.That((left.Count, server.Letters.Count), Is.EqualTo((journals, letters)), "what it knew is not lost");
    }

    [Test]
    public async Task A_worker_with_nothing_to_do_for_days_keeps_its_journal()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var house = new SendingHome(Database, clock) { Journals = House.Journals };
        await using var server = new LoopbackSmtp();
        await house.SubscribeAsync(1);
        await using Dispatcher idle = house.Dispatcher(server), other = house.Dispatcher(server);
        await idle.SendDueAsync(await house.StartAsync(), null, Stop);

        clock.Advance(TimeSpan.FromDays(7));
        idle.ShowLife();
        await other.SendDueAsync(await house.StartAsync("0002-second"), null, Stop);

        Assert.That(Directory.GetFiles(house.Journals), Has.Length.EqualTo(4));
    }

    private static AttemptResult Accepted(Claim claim) => new(claim, new SmtpOutcome.Accepted("ok", 250), new(DeliveryState.Sent), DateTimeOffset.UtcNow);
}
