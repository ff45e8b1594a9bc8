using System.Text;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Tests.Storage.Returns;

namespace Newsletter.Tests.Storage.Subscribers;

/// <summary>Who is erased is not only gone from the tables: no octet of theirs stays in SQLite's files.</summary>
public sealed class ErasedFileTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;

    private SqliteHome home = null!;
    private Database database = null!;

    [SetUp]
    public async Task Make_a_database()
    {
        home = new();
        await home.BuildAsync();
        database = new(home.Provider, home.ConnectionString);
    }

    [TearDown]
    public async Task Remove_it()
    {
        await database.DisposeAsync();
        await home.DisposeAsync();
    }

    [Test]
    public async Task Nothing_of_theirs_is_left_in_the_file_and_its_log()
    {
        var reader = await AddAsync();

        await new SubscriberStore(database, Some.ErasedAddresses()).EraseAsync(reader, "asked for", Actor.Editor, BounceHome.Now, Stop);
        var meanwhile = Octets();
        await database.DisposeAsync();

        Assert.That((meanwhile.Contains("Kittiwake", StringComparison.OrdinalIgnoreCase), Octets().Contains("Kittiwake", StringComparison.OrdinalIgnoreCase)), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task Who_reads_just_now_does_not_hinder_it()
    {
        var reader = await AddAsync();
        await using var other = await database.OpenAsync(Stop);
        await other.ExecuteAsync("begin transaction");
        await other.ExecuteScalarAsync<long>("select count(*) from subscribers");

        var outcome = await new SubscriberStore(database, Some.ErasedAddresses()).EraseAsync(reader, "asked for", Actor.Editor, BounceHome.Now, Stop);

        await other.ExecuteAsync("rollback transaction");
        Assert.That(outcome, Is.EqualTo(ChangeOutcome.Changed));
    }

    /// <summary>A reader among others, who wrote and was suspended for a bounce: pages are split, rows moved.</summary>
    private async Task<SubscriberId> AddAsync()
    {
        var house = new BounceHome(database);
        await house.SubscribeAsync(200);
        var reader = ((Addition.Added)await house.Subscribers.AddAsync(
            new Profile(EmailAddress.Read("Ida.Kittiwake@harbour.example")!) { Name = "Ida Kittiwake", Tags = ["kittiwakes"] }, new(SubscriptionState.Active, "test", Actor.Import, BounceHome.Now.AddYears(-1)), Stop)).Id;
        await house.BounceAsync(await house.SendAsync([reader], BounceHome.Now), reader, BounceHome.Dead, BounceHome.Now, "550 5.1.1 <ida.kittiwake@harbour.example>: no such user");
        await house.SubscribeAsync(200, "mill.example");
        return reader;
    }

    private string Octets() => string.Concat(Directory.GetFiles(Path.GetDirectoryName(home.File)!).Select(Read));

    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
