using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Tests.Storage.Returns;

namespace Newsletter.Tests.Storage.Subscribers;

/// <summary>
/// Whatever table holds something of a subscriber, they get it with their data and it goes when they are erased. Each such table, also one of tomorrow, gets a row of theirs in which every text says
/// where it stands; a table that fails here wants a line in <c>PersonalPart</c>.
/// </summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed partial class PersonalTablesHouseTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    /// <summary>What says whose a row is.</summary>
    private static readonly string[] Marks = ["subscriber_id", "address", "address_key", "sender", "email"];

    /// <summary>Of a conversation or a mail of theirs: without a mark of their own.</summary>
    private static readonly string[] Linked = ["thread_tags"];

    /// <summary>Not in the document: what says nothing of the person, or says again what is in it.</summary>
    private static readonly string[] NotGiven =
    [
        "deliveries.claimed_by", "threads.state_before", "replies.search", "replies.written", "answers.search", "answers.key", "answers.refs", "returned_mails.content_hash", "returned_mails.fingerprint",
    ];

    /// <summary>What stays of an erased person: words of ours from a closed list, hashes, and reasons that name nobody.</summary>
    private static readonly string[] Stays =
    [
        "subscriptions_log.before", "subscriptions_log.state", "subscriptions_log.reason", "subscriptions_log.actor", "deliveries.state", "deliveries.claimed_by", "deliveries.reply_status", "deliveries.revision",
        "deliveries.variant", "attempts.outcome", "attempts.reply_status", "bounces.reason", "bounces.permanence", "bounces.confidence", "probes.state", "reader_mails.kind", "returned_mails.content_hash", "returned_mails.source",
        "returned_mails.kind", "returned_mails.consequence", "returned_mails.form", "returned_mails.trust", "returned_mails.fingerprint", "returned_verdicts.kind", "returned_verdicts.consequence",
    ];

    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly EmailAddress Ida = EmailAddress.Read("Ida.Kittiwake@harbour.example")!;

    private readonly FakeTimeProvider time = new(BounceHome.Now);
    private SubscriberId ida;

    private SubscriberStore Subscribers => field ??= new(Database, Some.ErasedAddresses());

    private sealed record Column(string TableName, string ColumnName, string Type, string Init);

    [Test]
    public async Task Their_data_has_every_text_of_every_table_that_holds_something_of_theirs()
    {
        var kept = await FillAsync();

        var document = await DataAsync();

        Assert.That(kept.Where(text => !document.Contains(text, StringComparison.Ordinal)).Select(text => text[5..]), Is.EquivalentTo(NotGiven));
        Assert.That(kept, Has.Count.GreaterThan(70));
        Assert.That(document, Does.Contain("Ida.Kittiwake@harbour.example").And.Contain(Convert.ToBase64String("kept returned_mails.raw"u8)));
    }

    [Test]
    public async Task Of_an_erased_person_nothing_is_left_in_any_table_but_words_that_name_nobody()
    {
        await FillAsync();

        await Subscribers.EraseAsync(ida, "asked for", Actor.Editor, BounceHome.Now, Stop);

        var left = await DumpAsync();
        Assert.That(left.SelectMany(text => KeptText().Matches(text)).Select(match => match.Groups["where"].Value).Distinct(), Is.EquivalentTo(Stays));
        Assert.That(left.Where(text => text.Contains("kittiwake", StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    [Test]
    public async Task Of_an_old_edition_they_get_that_they_got_it()
    {
        var house = new BounceHome(Database);
        var readers = await house.SubscribeAsync(10);
        var edition = await house.SendAsync([readers[3]], BounceHome.Now.AddYears(-3), "complete");
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("update editions set completed_at = started_at", transaction: transaction), Stop);
        await new RollupStore(Database).RollUpAsync(edition, new(0), 100, BounceHome.Now, Stop);

        var (got, other) = (await DataAsync("reader3@harbour.example"), await DataAsync("reader4@harbour.example"));

        Assert.That(got, Does.Match("\"deliveries\": \\[\\],\\s+\"deliveriesKeptAsCounts\": \\[\\s+\\{\\s+\"editionId\": 1,\\s+\"issue\": \"issue-0\",\\s+\"state\": \"sent\""));
        Assert.That(other, Does.Match("\"deliveriesKeptAsCounts\": \\[\\]"));
    }

    private async Task<string> DataAsync(string? address = null)
    {
        using var document = new MemoryStream();
        var data = new PersonalData(new(Database, Some.ErasedAddresses()), Some.Acts(Database, time), time);
        Assert.That(await data.WriteAsync(address is null ? Ida : EmailAddress.Read(address)!, document, Performer.Reader, Stop), Is.True);
        return Encoding.UTF8.GetString(document.ToArray());
    }

    /// <summary>Puts a row of theirs into each table that holds people.</summary>
    /// <returns>What its texts are.</returns>
    private async Task<IReadOnlyList<string>> FillAsync()
    {
        ida = ((Addition.Added)await Subscribers.AddAsync(new Profile(Ida) { Name = "Ida Kittiwake", Fields = new Dictionary<string, string> { ["boat"] = "Kittiwake II" }, Tags = ["kittiwakes"] },
            new(SubscriptionState.Active, "test", Actor.Import, BounceHome.Now.AddYears(-1)), Stop)).Id;
        await new BounceHome(Database).SendAsync([], BounceHome.Now);
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("insert into imports (list, content_hash, lanes, state, started_at) values ('list.csv', '', 1, 'done', 0)", transaction: transaction), Stop);
        var kept = new List<string>();
        await using var connection = await Database.OpenAsync(Stop);
        await connection.ExecuteAsync(Database.Provider is DatabaseProvider.Sqlite ? "pragma foreign_keys = off" : "set session_replication_role = replica");
        foreach (var table in (await ColumnsAsync(connection)).GroupBy(column => column.TableName))
            if (table.Key is "subscribers")
                await UpdateAsync(connection, [.. table.Where(column => column.Type is "text" && column.ColumnName is not ("address" or "address_key" or "state"))], kept);
            else if (table.Key is not "suppressions" && (Linked.Contains(table.Key) || table.Any(column => Marks.Contains(column.ColumnName))))
                await FillAsync(connection, [.. table.Where(column => column.ColumnName != "id")], kept);
        return kept;
    }

    private async Task FillAsync(DbConnection connection, IReadOnlyList<Column> columns, List<string> kept)
    {
        var values = new DynamicParameters();
        foreach (var (table, column, type, init) in columns)
            values.Add(column, column switch
            {
                "subscriber_id" => ida.Value,
                "address_key" => Ida.Key,
                "address" or "sender" or "email" => Ida.Value,
                _ when type is "text" => Kept(table, column, init, kept),
                _ when type is "blob" or "bytea" => RawMail.Pack(Encoding.UTF8.GetBytes($"kept {table}.{column}")),
                _ => 1L,
            });
        await connection.ExecuteAsync($"insert into {columns[0].TableName} ({string.Join(", ", columns.Select(column => column.ColumnName))}) values ({string.Join(", ", columns.Select(column => $"@{column.ColumnName}"))})", values);
    }

    private static async Task UpdateAsync(DbConnection connection, IReadOnlyList<Column> columns, List<string> kept)
    {
        var values = new DynamicParameters();
        foreach (var (table, column, _, init) in columns)
            values.Add(column, Kept(table, column, init, kept));
        await connection.ExecuteAsync($"update subscribers set {string.Join(", ", columns.Select(column => $"{column.ColumnName} = @{column.ColumnName}"))}", values);
    }

    private static string Kept(string table, string column, string init, List<string> kept)
    {
        kept.Add($"kept {table}.{column}");
        return init.Contains("{}", StringComparison.Ordinal) ? $"{{\"a\":\"{kept[^1]}\"}}" : column is "verdict" || init.Contains("[]", StringComparison.Ordinal) ? $"[\"{kept[^1]}\"]" : kept[^1];
    }

    /// <summary>Every value of every row.</summary>
    private async Task<List<string>> DumpAsync()
    {
        await using var connection = await Database.OpenAsync(Stop);
        var texts = new List<string>();
        foreach (var table in (await ColumnsAsync(connection)).Select(column => column.TableName).Distinct())
            foreach (IDictionary<string, object?> row in await connection.QueryAsync($"select * from {table}"))
                texts.AddRange(row.Values.Select(value => value is byte[] { Length: > 0 } octets && table == "returned_mails" ? Encoding.UTF8.GetString(RawMail.Unpack(octets)) : Convert.ToString(value, CultureInfo.InvariantCulture)!));
        return texts;
    }

    private async Task<IReadOnlyList<Column>> ColumnsAsync(DbConnection connection) => (await connection.QueryAsync<Column>(Database.Provider is DatabaseProvider.Sqlite
        ? "select m.name as table_name, p.name as column_name, lower(p.type) as type, coalesce(p.dflt_value, '') as init from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table' and m.name not like 'sqlite%' order by m.name, p.cid"
        : "select cast(table_name as text) as table_name, cast(column_name as text) as column_name, cast(data_type as text) as type, coalesce(cast(column_default as text), '') as init from information_schema.columns where table_schema = current_schema() order by table_name, ordinal_position")).AsList();

    [GeneratedRegex(@"kept (?<where>\w+\.\w+)")]
    private static partial Regex KeptText();
}
