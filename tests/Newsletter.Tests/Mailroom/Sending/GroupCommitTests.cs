using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Tests.Mailroom.Sending.Faults;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>The ledger gets what has gathered, whatever becomes of the journal, and nobody who waits for it waits for others.</summary>
public sealed class GroupCommitTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public async Task Where_the_journal_cannot_turn_the_ledger_still_gets_the_results()
    {
        using var disk = new SmallDisk("64k"); // no room can be set aside
        var recorded = new List<long>();
        await using var commits = new GroupCommit(new ResultJournal(disk.File("journals"), WorkerName.New(), "here"), results =>
        {
            recorded.AddRange(results.Select(result => result.Claim.Id.Subscriber.Value));
            return Task.CompletedTask;
        });
        for (var i = 0; i < 100; i++)
            commits.Begin(Claim(i)); // more than the first page of the other file takes
        disk.Fill();

        await commits.RecordAsync([Accepted(1000)]);
        await commits.FlushAsync();

        Assert.That(recorded, Is.EqualTo(new[] { 1000 }));
    }

    [Test]
    public async Task Who_waits_for_the_ledger_does_not_wait_for_what_comes_meanwhile()
    {
        GroupCommit? commits = null;
        var groups = 0;
        await using var streaming = commits = new GroupCommit(new ResultJournal(folder.Path, WorkerName.New(), "here"), async _ =>
        {
            if (Interlocked.Increment(ref groups) < 1000)
                await commits!.RecordAsync([Accepted(1000 + groups)]); // another edition's
        });
        await commits.RecordAsync([Accepted(1)]);

        await commits.FlushAsync();

        Assert.That(Volatile.Read(ref groups), Is.LessThan(100));
    }

    private static AttemptResult Accepted(long subscriber) => new(Claim(subscriber), new SmtpOutcome.Accepted("ok", 250), new(DeliveryState.Sent), Noon);

    private static Claim Claim(long subscriber) => new(new(new EditionId(5), new SubscriberId(subscriber)), 1, 3, "", "", new Dictionary<string, string>());
}
