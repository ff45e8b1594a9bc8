using System.Buffers;
using System.Globalization;
using System.Text;

namespace Newsletter.Subscribers;

/// <summary>One row of a list that was read.</summary>
/// <param name="Line">Where it starts, counted from 1.</param>
public abstract record ListRow(long Line)
{
    /// <summary>A person, with the standing that the list gives them; null where it gives none.</summary>
    public sealed record Person(long Line, Profile Profile, SubscriptionState? State) : ListRow(Line)
    {
        /// <summary>Since when they stand so, where the list says it; null: from now on.</summary>
        public DateTimeOffset? StateSince { get; init; }

        /// <summary>Where they are paused: until when; null: until they say so.</summary>
        public DateTimeOffset? PausedUntil { get; init; }
    }

    /// <summary>A row that says nobody, and why. In line 1: nothing of the list can be read.</summary>
    public sealed record Bad(long Line, string Reason) : ListRow(Line);
}

/// <summary>Lists of subscribers as CSV (RFC 4180), read and written.</summary>
/// <remarks>
/// Read: header <c>email,name,…</c> in any order and letter case; separator comma, semicolon or tab; UTF-8, or UTF-16 with its mark. A column that is not
/// ours is a field. Written: what a spreadsheet would run as a formula (it starts with = + - @ or a tab) gets a <c>'</c> in front, and so does what
/// starts with <c>'</c>, so that reading takes it away again and nothing changes on the way.
/// </remarks>
public static class SubscriberCsv
{
    private const string Formula = "=+-@\t\r'";
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t\"\r\n");
    private static readonly string[] Instants = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd' 'HH:mm:ss"];

    /// <summary>The first line, without its end.</summary>
    /// <param name="fields">The names of all fields, each a column after ours.</param>
    public static string Header(IReadOnlyList<string> fields) => string.Join(',', SubscriberColumns.Ours.Concat(fields));

    /// <summary>A subscriber's line, without its end; null for one who is erased.</summary>
    public static string? Line(Subscriber subscriber, IReadOnlyList<string> fields) => subscriber.Profile is not { } profile ? null : string.Join(',', new[]
    {
        profile.Address.Value,
        profile.Name,
        subscriber.State.Word(),
        WriteInstant(subscriber.StateAt),
        subscriber.PausedUntil is { } until ? WriteInstant(until) : "",
        WriteInstant(subscriber.CreatedAt),
        profile.Language,
        profile.TimeZone,
        string.Join(',', profile.Topics),
        string.Join(',', profile.TopicsLeft),
        string.Join(',', profile.Tags),
        profile.Source,
    }.Concat(fields.Select(field => profile.Fields.GetValueOrDefault(field, ""))).Select(Cell));

    /// <summary>An instant as lists write it.</summary>
    public static string WriteInstant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A day or an instant; UTC where it names no offset. Null where it is neither.</summary>
    internal static DateTimeOffset? ReadInstant(string text) => text.Length == 0 ? null
        : text.Length == 10 && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new(day, TimeOnly.MinValue, TimeSpan.Zero)
        : DateTimeOffset.TryParseExact(text.Trim(), Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var plain) ? plain
        : DateTimeOffset.TryParseExact(text.Trim(), ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact) ? exact
        : null;

    /// <summary>A cell as it was meant: the other side of <see cref="Cell"/>.</summary>
    internal static string Plain(string cell) => cell.Length > 1 && cell[0] == '\'' && Formula.Contains(cell[1], StringComparison.Ordinal) ? cell[1..] : cell;

    /// <summary>A cell as it is written: quoted where it must be, harmless to a spreadsheet.</summary>
    public static string Cell(string text)
    {
        var harmless = text.Length > 0 && Formula.Contains(text[0], StringComparison.Ordinal) ? $"'{text}" : text;
        if (!harmless.AsSpan().ContainsAny(Quoted) && harmless == harmless.Trim())
            return harmless;
        return new StringBuilder(harmless.Length + 8).Append('"').Append(harmless.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
    }
}
