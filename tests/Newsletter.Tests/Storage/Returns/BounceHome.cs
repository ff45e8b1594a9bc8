using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Returns;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Returns;

/// <summary>Readers, editions that went to them, and what comes back, in the test's database.</summary>
internal sealed class BounceHome(Database database, BouncePolicy? policy = null, IncidentRules? rules = null)
{
    public static readonly DateTimeOffset Now = new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Stop = CancellationToken.None;

    public static BounceVerdict Dead { get; } = new(BounceReason.UserUnknown, Permanence.Permanent, "no such user");

    public static BounceVerdict Full { get; } = new(BounceReason.MailboxFull, Permanence.Transient, "mailbox is full");

    public static BounceVerdict Listed { get; } = new(BounceReason.Blocked, Permanence.Transient, "blocked using spamcop");

    public BouncePolicy Policy { get; } = policy ?? BouncePolicy.Usual;

    public IncidentRules Rules { get; } = rules ?? IncidentRules.Usual;

    public SubscriberStore Subscribers { get; } = new(database, Some.ErasedAddresses());

    public SuspensionStore Suspensions => new(database, Policy);

    public IncidentStore Incidents => new(database, Policy);

    public ProbeStore Probes => new(database, Policy);

    /// <summary>reader0@domain and so on, all active since long ago.</summary>
    public async Task<IReadOnlyList<SubscriberId>> SubscribeAsync(int count, string domain = "harbour.example")
    {
        var ids = new List<SubscriberId>();
        for (var i = 0; i < count; i++)
            ids.Add(((Addition.Added)await Subscribers.AddAsync(new Profile(EmailAddress.Read($"reader{i}@{domain}")!), new(SubscriptionState.Active, "test", Actor.Import, Now.AddYears(-1)), Stop)).Id);
        return ids;
    }

    /// <summary>An edition that all these readers were sent.</summary>
    public async Task<EditionId> SendAsync(IReadOnlyList<SubscriberId> readers, DateTimeOffset at, string state = "running")
    {
        var id = await database.WriteAsync(transaction => transaction.Connection!.QuerySingleAsync<long>("""
            insert into editions (issue_slug, title, content_hash, rendered, state, state_at, due_at, created_at, started_at)
            values ('issue-' || (select count(*) from editions), 'Lapwings', '', '', @state, @at, @at, @at, @at) returning id
            """, new { state, at = at.Ms() }, transaction), Stop);
        await database.WriteAsync(async transaction =>
        {
            foreach (var reader in readers)
                await transaction.Connection!.ExecuteAsync("insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) values (@id, @Value, 'sent', @at, 0)", new { id, reader.Value, at = at.Ms() }, transaction);
        }, Stop);
        return new(id);
    }

    /// <summary>A reader whose mailbox was full for five weeks, the last time four weeks after <see cref="Now"/>: a probe is due.</summary>
    public async Task<SubscriberId> DoubtAsync()
    {
        var reader = (await SubscribeAsync(1))[0];
        for (var week = 0; week < 5; week++)
            await BounceAsync(await SendAsync([reader], Now.AddDays(7 * week)), reader, Full, Now.AddDays(7 * week), "552 5.2.2 full");
        return reader;
    }

    public Task<(Consequence Consequence, string Outcome)> BounceAsync(EditionId edition, SubscriberId reader, BounceVerdict verdict, DateTimeOffset at, string evidence = "550 5.1.1 <reader> no such user") =>
        BounceAsync(database, edition, reader, verdict, at, evidence);

    /// <summary>By another way to the same database.</summary>
    public Task<(Consequence Consequence, string Outcome)> BounceAsync(Database way, EditionId edition, SubscriberId reader, BounceVerdict verdict, DateTimeOffset at, string evidence) =>
        way.WriteAsync(transaction => new BounceLedger(way, Policy, Rules).TakeAsync(transaction, new(new(edition, reader), verdict, evidence, at)), Stop);

    public async Task<SubscriptionState> StateAsync(SubscriberId reader) => (await Subscribers.FindAsync(reader, Stop))!.State;

    public async Task<long> SuspendedAsync() => (await Subscribers.CountAsync(Stop)).GetValueOrDefault(SubscriptionState.Suspended);

    public async Task<(string State, string Reason)> EditionAsync(EditionId edition) => await database.ReadAsync(connection =>
        connection.QuerySingleAsync<(string, string)>("select state, state_reason from editions where id = @Value", edition), Stop);

    public async Task<IReadOnlyList<string>> NoticesAsync() => await database.ReadAsync(async connection => (await connection.QueryAsync<string>("select words from notices order by id")).AsList(), Stop);

    public Task<string?> TextAsync(string sql) => database.ReadAsync(connection => connection.QuerySingleAsync<string?>(sql), Stop);

    public Task RunAsync(string sql) => database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(sql, transaction: transaction), Stop);
}
