using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>A segment's filter as a condition on <c>subscribers s</c>. Every value is a parameter; the words are ours alone.</summary>
/// <param name="database">Whose words.</param>
/// <param name="startOf">When a day begins in the publication's zone, in UTC milliseconds.</param>
/// <param name="today">The day on which it is asked.</param>
internal sealed class SegmentSql(Database database, Func<DateOnly, long> startOf, DateOnly today)
{
    /// <summary>As the columns of tags and topics have it.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, object> values = [];

    private bool IsPostgres => database.Provider is DatabaseProvider.Postgres;

    /// <summary>The values of all conditions that were written, by name.</summary>
    public DynamicParameters Parameters => new(values);

    /// <summary>Never null for any row: the opposite of it has all others.</summary>
    public string Condition(SegmentFilter filter) => filter switch
    {
        SegmentFilter.Everyone => "1 = 1",
        SegmentFilter.And(var one, var other) => $"({Condition(one)} and {Condition(other)})",
        SegmentFilter.Or(var one, var other) => $"({Condition(one)} or {Condition(other)})",
        SegmentFilter.Not(var of) => $"not {Condition(of)}",
        SegmentFilter.Stands(var state) => $"(s.state = {Value(state.Word())})",
        SegmentFilter.Words words => Words(words),
        SegmentFilter.Number(var field, var than, var value) => Known($"case when {IsNumber(FieldOf(field))} then cast({FieldOf(field)} as {(IsPostgres ? "numeric" : "real")}) end {Sign(than)} {Value(IsPostgres ? value : (double)value)}"),
        SegmentFilter.Day day => Day(day),
        SegmentFilter.Tag(var tag) => Holds("s.tags", tag),
        SegmentFilter.Topic(var topic) => $"((s.topics = '[]' and s.topics_left = '[]') or {Holds("s.topics", topic)})",
        SegmentFilter.Got(var issue) => Got(EditionsOf(issue)),
        SegmentFilter.Replied(var issue, var since) => $"""
            (s.id in (select t.subscriber_id from threads t join replies r on r.thread_id = t.id where t.subscriber_id is not null and t.box <> 'machines'
                      {(issue is { } to ? $"and t.edition_id in ({EditionsOf(to)})" : "")} {(since is { } day ? $"and r.at >= {Value(startOf(day.From(today)))}" : "")}))
            """,
        SegmentFilter.Bounced(var issue, var since) => $"""
            (s.id in (select b.subscriber_id from bounces b where 1 = 1
                      {(issue is { } of ? $"and b.edition_id in ({EditionsOf(of)})" : "")} {(since is { } day ? $"and b.at >= {Value(startOf(day.From(today)))}" : "")}))
            """,
        SegmentFilter.In(var name) => throw new InvalidOperationException($"the segment {name} is not looked up"),
        _ => throw new System.Diagnostics.UnreachableException(filter.GetType().Name),
    };

    private string Words(SegmentFilter.Words words)
    {
        var (text, value) = words.Fact switch
        {
            SegmentFact.Email => ("s.address_key", words.Test is TextTest.Is ? EmailAddress.Read(words.Value)?.Key ?? words.Value.ToLowerInvariant() : words.Value.ToLowerInvariant()),
            SegmentFact.Domain => (IsPostgres ? "split_part(s.address_key, '@', 2)" : "substr(s.address_key, instr(s.address_key, '@') + 1)",
                words.Test is TextTest.Is ? EmailAddress.Read($"a@{words.Value}")?.Domain ?? words.Value.ToLowerInvariant() : words.Value.ToLowerInvariant()),
            SegmentFact.Name => (Lower("s.name"), Lowered(words.Value)),
            SegmentFact.Language => (Lower("s.language"), Lowered(words.Value)),
            SegmentFact.TimeZone => (Lower("s.time_zone"), Lowered(words.Value)),
            SegmentFact.Source => (Lower("s.source"), Lowered(words.Value)),
            SegmentFact.Field => (Lower(FieldOf(words.Field)), Lowered(words.Value)),
            var fact => throw new System.Diagnostics.UnreachableException(fact.ToString()),
        };
        string Like(string pattern) => $@"({text} like {Value(pattern)} escape '\')";
        return words.Test switch
        {
            TextTest.Is => $"({text} = {Value(value)})",
            TextTest.Contains => Like($"%{Literal(value)}%"),
            TextTest.StartsWith => Like($"{Literal(value)}%"),
            _ => Like($"%{Literal(value)}"),
        };
    }

    private string Day(SegmentFilter.Day day)
    {
        var on = day.Value.From(today);
        if (day.Fact is SegmentFact.Field)
        {
            var text = $"substr({FieldOf(day.Field)}, 1, 10)";
            return Known($"case when {(IsPostgres ? $"{text} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$'" : $"{text} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'")} then {text} end"
                + $"{(IsPostgres ? " collate \"C\"" : "")} {Sign(day.Than)} {Value(on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))}");
        }
        var column = day.Fact is SegmentFact.Joined ? "s.created_at" : "s.state_at";
        var (begins, ends) = (startOf(on), startOf(on.AddDays(1)));
        return day.Than switch
        {
            Comparison.Less => $"({column} < {Value(begins)})",
            Comparison.AtMost => $"({column} < {Value(ends)})",
            Comparison.AtLeast => $"({column} >= {Value(begins)})",
            Comparison.More => $"({column} >= {Value(ends)})",
            _ => $"({column} >= {Value(begins)} and {column} < {Value(ends)})",
        };
    }

    /// <summary>By row, or of an old edition by bit.</summary>
    private string Got(string editions) => $"""
        (exists (select 1 from deliveries d where d.edition_id in ({editions}) and d.subscriber_id = s.id and d.state in ('sent', 'in doubt'))
         or exists (select 1 from rollup_readers r where r.edition_id in ({editions}) and r.block = s.id / 8192 and {database.Bit("r.readers", "s.id % 8192")} = 1))
        """;

    private string EditionsOf(SegmentIssue issue) => $"select e.id from editions e where e.sandbox = '' and {(issue.Number is { } number ? $"e.issue_number = {Value(number)}" : $"e.issue_slug = {Value(issue.Slug)}")}";

    /// <summary>Texts in a JSON array are found by their JSON: the quotes around them stand nowhere inside one.</summary>
    private string Holds(string column, string mark) => $"({(IsPostgres ? "strpos" : "instr")}({column}, {Value(JsonSerializer.Serialize(mark, Json))}) > 0)";

    /// <summary>The field as text; empty where there is none.</summary>
    private string FieldOf(string name) => $"coalesce({(IsPostgres ? "cast(s.fields as json)" : "s.fields")} ->> {Value(name)}, '')";

    /// <summary>A number as JSON writes it, of bounded length.</summary>
    private string IsNumber(string text) => IsPostgres
        ? $@"length({text}) <= 30 and {text} ~ '^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9][0-9]?)?$'"
        : $"length({text}) <= 30 and json_valid({text}) and json_type(case when json_valid({text}) then {text} else 'null' end) in ('integer', 'real')";

    /// <summary>Letters of ASCII alone, which is what SQLite knows of.</summary>
    private string Lower(string text) => IsPostgres ? $"lower({text} collate \"C\")" : $"lower({text})";

    private static string Lowered(string text) => string.Concat(text.Select(letter => char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter) : letter));

    private static string Literal(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private static string Known(string condition) => $"(case when {condition} then 1 else 0 end = 1)";

    private static string Sign(Comparison than) => than switch
    {
        Comparison.Less => "<",
        Comparison.AtMost => "<=",
        Comparison.Equal => "=",
        Comparison.AtLeast => ">=",
        _ => ">",
    };

    private string Value(object value)
    {
        var name = $"segment{values.Count}";
        values.Add(name, value);
        return $"@{name}";
    }
}
