using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Acceptance.Tests.Workers;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>A publication whose mail comes back by the ways that a test names; read by real processes.</summary>
internal sealed class ReturnsHouse : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ServiceProvider services;

    private ReturnsHouse(object[] mailboxes, int relay)
    {
        File.WriteAllText(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "news@weekly.test", EditorAddress = "editor@weekly.test", PostalAddress = "1 Mill Lane", BaseUrl = "https://weekly.test" },
            Returns = new { Domain = "returns.test", Mailboxes = mailboxes, Incidents = new { Watch = false } }, // the tests' many bounces would be a wave
            Relays = relay > 0 ? new object[] { new { Host = "127.0.0.1", Port = relay, Security = "None" } } : [],
        }));
        var here = new PublicationFolder(folder.Path);
        services = new ServiceCollection().AddNewsletter(Settings.Load(here, null, []), here).BuildServiceProvider();
    }

    public TheProgram Program => field ??= new(folder.Path);

    public OurAddresses Ours => services.GetRequiredService<OurAddresses>();

    public SubscriberStore Subscribers => services.GetRequiredService<SubscriberStore>();

    public ReturnedMailStore Returns => services.GetRequiredService<ReturnedMailStore>();

    /// <summary>The Maildir of a publication that names none.</summary>
    public string Inbox => folder.File("inbox");

    /// <summary>A place for a socket of this publication.</summary>
    public string PlaceOf(string name) => folder.File(name);

    public static Task<ReturnsHouse> WithAsync(params object[] mailboxes) => WithRelayAsync(0, mailboxes);

    /// <param name="relay">The port of the relay that takes notes to the editor; 0: there is none, and they are files.</param>
    /// <param name="mailboxes">The ways in.</param>
    public static async Task<ReturnsHouse> WithRelayAsync(int relay, params object[] mailboxes)
    {
        var house = new ReturnsHouse(mailboxes, relay);
        await house.services.GetRequiredService<Database>().MigrateAsync(CancellationToken.None);
        return house;
    }

    /// <summary>A reader, and the delivery of edition 7 to them.</summary>
    public async Task<DeliveryId> AddAsync(string address)
    {
        var added = await Subscribers.AddAsync(new Profile(EmailAddress.Read(address)!), new StandingChange(SubscriptionState.Active, "test", Actor.Import, DateTimeOffset.UnixEpoch), CancellationToken.None);
        return new(new EditionId(7), ((Addition.Added)added).Id);
    }

    public async Task<SubscriptionState> StateOfAsync(DeliveryId delivery) => (await Subscribers.FindAsync(delivery.Subscriber, CancellationToken.None))!.State;

    public Task<Worker> WorkAsync() => Worker.StartAsync(folder.Path);

    public Task<Serve> ServeAsync(int port) => Serve.StartAsync(folder.Path, port);

    /// <summary>A number from the database.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Does something to the database.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until a number is what it should be: a moment as a rule, and as long as a loaded machine takes.</summary>
    public async Task UntilAsync(string sql, long number)
    {
        for (var began = TimeProvider.System.GetTimestamp(); await CountAsync(sql) is var count && count != number; await Task.Delay(20))
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMinutes(2))
                throw new TimeoutException($"{sql}: {count}, not {number}; mailboxes: {await CountAsync("select count(*) from mailbox_states")}, in trouble: {await CountAsync("select count(*) from mailbox_states where trouble <> ''")}; not handled: {await UnhandledAsync()}");
    }

    private async Task<string> UnhandledAsync()
    {
        await using var connection = await OpenAsync();
        return string.Join("; ", await connection.QueryAsync<string>("select id || ' (' || source || ', begun again ' || tries || ' times) ' || error from returned_mails where handled_at is null"));
    }

    private async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={folder.File("subscribers", "newsletter.db")};Pooling=false;Default Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        folder.Dispose();
    }
}
