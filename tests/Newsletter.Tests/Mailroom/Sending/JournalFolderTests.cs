using Newsletter.Sending;

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
}
