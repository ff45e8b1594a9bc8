using System.Data.Common;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>The wishes to be subscribed, the words that were shown for them, and the mails that are owed for them.</summary>
/// <remarks>A flood has to stay cheap: who asks again for what is under way costs one read, and limits are counted over the wishes themselves, without a row of their own.</remarks>
public sealed partial class SignUpStore(Database database, SubscriberStore subscribers, ErasedAddresses erased)
{
    /// <summary>An ask that comes again within this is not even counted.</summary>
    public static readonly TimeSpan CountedEvery = TimeSpan.FromMinutes(1);

    /// <summary>So long a refused wish stays refused, however often it is asked for.</summary>
    public static readonly TimeSpan RefusedFor = TimeSpan.FromDays(30);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Takes an ask. One wish of an address at a form is one row, whoever asks and however often.</summary>
    /// <param name="wish">What is asked for; its source stands in the subscriber's row.</param>
    /// <param name="wording">The words that were shown.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="judge">How much it looks like abuse, by how many addresses its network has asked for within the hour.</param>
    /// <param name="caps">The limits.</param>
    /// <param name="now">When.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<AskOutcome> AskAsync(Profile wish, Wording wording, SignUpOrigin origin, Func<long, SignUpVerdict> judge, SignUpCaps caps, DateTimeOffset now, CancellationToken ct)
    {
        var (look, counts) = await database.ReadAsync(async connection => (await LookAsync(connection, null, wish.Address, wording.Form, caps, now), await CountAsync(connection, origin.Network, wording.Form, now)), ct);
        var verdict = judge(counts.Network);
        if (counts.Form >= caps.PerForm || counts.InAll >= caps.InAll)
            verdict = verdict with { IsHeld = true, Reasons = [.. verdict.Reasons, "flood"] };
        if (counts.Network >= caps.PerNetwork || (verdict.IsHeld && counts.Held >= caps.HeldPerDay))
            return AskOutcome.TooMany; // whatever the address, or the answer would tell of it
        if (look.Open is { } open && !look.IsAnew && now - open.AskedLast.Instant() < CountedEvery)
            return Again(open);
        return await database.WriteAsync(async transaction =>
        {
            await database.AloneOnAsync(transaction, $"sign-up {wish.Address.Key}");
            var seen = await LookAsync(transaction.Connection!, transaction, wish.Address, wording.Form, caps, now);
            if (!seen.IsAnew)
                return await CountAgainAsync(transaction, seen.Open!, now);
            await KeepAsync(transaction, wording, now);
            return await OweAsync(transaction, seen, wish, wording, origin, verdict, now);
        }, ct);
    }

    /// <summary>Keeps the words of a form, before anybody has agreed to them; twice is once.</summary>
    public Task KeepAsync(Wording wording, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(transaction => KeepAsync(transaction, wording, now), ct);

    /// <summary>The words of a form that were kept under a number; null where there are none.</summary>
    public async Task<Wording?> FindWordingAsync(long id, CancellationToken ct) => await database.ReadAsync(async connection =>
        await connection.QuerySingleOrDefaultAsync<WordingRow>("select form, language, text from wordings where id = @id", new { id }) is { } row ? new Wording(row.Form, row.Language, row.Text) : null, ct);

    /// <summary>What is known of an address before anything is written.</summary>
    private static async Task<Look> LookAsync(DbConnection connection, DbTransaction? transaction, EmailAddress address, string form, SignUpCaps caps, DateTimeOffset now)
    {
        var rows = (await connection.QueryAsync<Row>(
            "select id, form, state, state_at, due, sent_at, mails, asked_last from signups where address_key = @Key and state <> 'confirmed'", new { address.Key }, transaction)).AsList();
        var sent = rows.Max(row => row.SentAt);
        return new(rows.Find(row => row.Form == form), now,
            rows.Sum(row => row.Mails) < caps.MailsEver && rows.TrueForAll(row => row.Due is null) && (sent is not { } last || now - last.Instant() >= caps.BetweenMails));
    }

    /// <summary>What is held counts for its network alone: machines that are seen to be some must not use up what others may ask for.</summary>
    private static async Task<Counts> CountAsync(DbConnection connection, string network, string form, DateTimeOffset now) => await connection.QuerySingleAsync<Counts>("""
        select (select count(*) from signups where asked_net = @network and asked_net <> '' and asked_at > @hour) as network,
               (select count(*) from signups where form = @form and state <> 'held' and asked_at > @hour) as form,
               (select count(*) from signups where state <> 'held' and asked_at > @hour) as inall,
               (select count(*) from signups where state = 'held' and asked_at > @day) as held
        """, new { network, form, hour = (now - Hour).Ms(), day = (now - Day).Ms() });

    private static async Task<AskOutcome> CountAgainAsync(DbTransaction transaction, Row row, DateTimeOffset now)
    {
        await transaction.Connection!.ExecuteAsync("update signups set asked = asked + 1, asked_last = @now where id = @Id and asked_last <= @before",
            new { row.Id, now = now.Ms(), before = (now - CountedEvery).Ms() }, transaction);
        return Again(row);
    }

    private static AskOutcome Again(Row row) => row.State == Word(SignUpState.Held) ? AskOutcome.Held : AskOutcome.Counted;

    private static Task<int> KeepAsync(DbTransaction transaction, Wording wording, DateTimeOffset now) => transaction.Connection!.ExecuteAsync(
        "insert into wordings (id, hash, form, language, text, first_at) values (@Id, @Hash, @Form, @Language, @Text, @now) on conflict (id) do nothing",
        new { wording.Id, wording.Hash, wording.Form, wording.Language, wording.Text, now = now.Ms() }, transaction);

    /// <summary>A new row, or the one that is there with what this ask says: the mail that is owed now is for this ask.</summary>
    private async Task<AskOutcome> OweAsync(DbTransaction transaction, Look seen, Profile wish, Wording wording, SignUpOrigin origin, SignUpVerdict verdict, DateTimeOffset now)
    {
        var known = await SubscriberStore.FindAsync(transaction.Connection!, wish.Address, transaction);
        var bar = await subscribers.FindSuppressionAsync(transaction.Connection!, wish.Address, transaction);
        var values = new
        {
            id = seen.Open?.Id, address = wish.Address.Value, key = wish.Address.Key, wording.Form, wording = wording.Id, language = wish.Language, wish.Name, topics = SubscriberRow.Text(wish.Topics),
            fields = SubscriberRow.Text(wish.Fields), state = Word(verdict.IsHeld ? SignUpState.Held : SignUpState.Waiting), now = now.Ms(), from = origin.Address, net = origin.Network, agent = origin.Agent,
            verdict.Score, reasons = SubscriberRow.Text(verdict.Reasons), due = verdict.IsHeld || !seen.HasMailsLeft ? (long?)null : now.Ms(), subscriber = known?.Id.Value,
        };
        var id = await transaction.Connection!.ExecuteScalarAsync<long>(seen.Open is null ? """
            insert into signups (made_at, address, address_key, form, wording_id, language, name, topics, fields, state, state_at, asked_at, asked_last, asked_from, asked_net, asked_agent, score, reasons, due, subscriber_id)
            values (@now, @address, @key, @Form, @wording, @language, @Name, @topics, @fields, @state, @now, @now, @now, @from, @net, @agent, @Score, @reasons, @due, @subscriber)
            returning id
            """ : """
            update signups set address = @address, wording_id = @wording, language = @language, name = @Name, topics = @topics, fields = @fields, state = @state, state_at = @now, asked_at = @now, asked_last = @now,
                asked = asked + 1, asked_from = @from, asked_net = @net, asked_agent = @agent, score = @Score, reasons = @reasons, due = @due, subscriber_id = coalesce(@subscriber, subscriber_id)
            where id = @id returning id
            """, values, transaction);
        if (!verdict.IsHeld && known is null && bar is null)
            await AddPendingAsync(transaction, id, wish, now);
        return verdict.IsHeld ? AskOutcome.Held : seen.HasMailsLeft ? AskOutcome.Owed : AskOutcome.Counted;
    }

    /// <summary>Of a person who has not said yes no more is kept there than the address and the language.</summary>
    private static async Task AddPendingAsync(DbTransaction transaction, long id, Profile wish, DateTimeOffset now)
    {
        var first = new StandingChange(SubscriptionState.Pending, "asked for", Actor.Reader, now, Evidence(id));
        if (await SubscriberStore.InsertAsync(transaction, new(wish.Address) { Language = wish.Language, Source = wish.Source }, first) is not { } subscriber)
            return;
        await Standings.LogAsync(transaction, new(subscriber), null, first);
        await transaction.Connection!.ExecuteAsync("update signups set subscriber_id = @subscriber where id = @id", new { id, subscriber }, transaction);
    }

    private static string Word(SignUpState state) => state.ToString().ToLowerInvariant();

    private static string Evidence(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"sign-up {id}");

    /// <summary>What is known of an address.</summary>
    /// <param name="Open">Its wish at the form; null: none.</param>
    /// <param name="Now">When it is looked.</param>
    /// <param name="HasMailsLeft">Whether the address may be mailed now.</param>
    private sealed record Look(Row? Open, DateTimeOffset Now, bool HasMailsLeft)
    {
        /// <summary>Whether an ask stands for itself: there is no wish yet, or a mail may go for it. A wish that is held waits for a person, and one that was refused stays so for a while.</summary>
        public bool IsAnew => Open is null || (HasMailsLeft && (Open.State == Word(SignUpState.Waiting) || (Open.State == Word(SignUpState.Void) && Now - Open.StateAt.Instant() >= RefusedFor)));
    }

    private sealed record Row
    {
        public required long Id { get; init; }
        public required string Form { get; init; }
        public required string State { get; init; }
        public required long StateAt { get; init; }
        public long? Due { get; init; }
        public long? SentAt { get; init; }
        public required long Mails { get; init; }
        public required long AskedLast { get; init; }
    }

    private sealed record Counts(long Network, long Form, long InAll, long Held);

    private sealed record WordingRow(string Form, string Language, string Text);
}
