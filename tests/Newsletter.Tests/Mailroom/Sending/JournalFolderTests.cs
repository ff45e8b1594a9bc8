using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>The folder of the journals, as an operator and other workers leave it.</summary>
public sealed class JournalFolderTests : DatabaseTests<SqliteHome>
{
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

    private static AttemptResult Accepted(Claim claim) => new(claim, new SmtpOutcome.Accepted("ok", 250), new(DeliveryState.Sent), DateTimeOffset.UtcNow);
}
