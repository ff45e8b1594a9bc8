using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>What a column says; the first in the order of <see cref="SubscriberColumns.Ours"/>.</summary>
internal enum Meaning { Email, Name, State, StateSince, PausedUntil, Since, Language, TimeZone, Topics, TopicsLeft, Tags, Source, Field, None }

/// <summary>A column of a list.</summary>
internal sealed record Column(string Name, Meaning Meaning);

/// <summary>What the columns of one list mean, by its header: names in any order and letter case; every other column is a field.</summary>
internal sealed class SubscriberColumns
{
    /// <summary>The columns of ours, in the order in which they are written.</summary>
    public static readonly string[] Ours = ["email", "name", "state", "state-since", "paused-until", "since", "language", "time-zone", "topics", "topics-left", "tags", "source"];

    /// <summary>Other names that lists give them. A foreign <c>status</c> must not pass as a field: it may be the one word that says a reader has left.</summary>
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["e-mail"] = "email", ["email_address"] = "email", ["e-mail_address"] = "email", ["status"] = "state", ["time_zone"] = "time-zone", ["timezone"] = "time-zone",
    };

    private readonly Column[] columns;

    private readonly int[] fields;

    private SubscriberColumns(List<string> names)
    {
        columns = [.. names.Select(name => new Column(name, Array.IndexOf(Ours, name) is >= 0 and var ours ? (Meaning)ours : name.Length > 0 ? Meaning.Field : Meaning.None))];
        fields = [.. Enumerable.Range(0, columns.Length).Where(index => columns[index].Meaning is Meaning.Field).OrderBy(index => columns[index].Name, StringComparer.Ordinal)];
    }

    /// <summary>All, in the order of the list.</summary>
    public IReadOnlyList<Column> All => columns;

    /// <summary>Which are fields, in the order of their names.</summary>
    public IReadOnlyList<int> Fields => fields;

    /// <summary>Whether a field cannot have this name since a column of ours has it.</summary>
    public static bool IsOurs(string fieldName) => Ours.Contains(fieldName) || Aliases.ContainsKey(fieldName);

    /// <summary>The columns, or what is wrong with the header.</summary>
    public static (SubscriberColumns? Columns, string? Fault) Read(IReadOnlyList<string> header)
    {
        if (header.Any(cell => cell.Contains('\0', StringComparison.Ordinal)) || header[0].StartsWith("PK\u0003", StringComparison.Ordinal))
            return (null, "this is no CSV text (a spreadsheet file?); save the list as CSV UTF-8");
        if (header.Count > PersonalText.MaxFields + Ours.Length)
            return (null, $"the header names {header.Count} columns; more than {PersonalText.MaxFields} fields are not kept");
        if (header.FirstOrDefault(cell => cell.Length > PersonalText.MaxMark) is { } lengthy)
            return (null, $"the header names a column \"{PersonalText.OneLine(lengthy, 40)}…\" with more than {PersonalText.MaxMark} letters; shorten it");

        var names = header.Select(cell => PersonalText.FieldName(cell)).Select(name => Aliases.GetValueOrDefault(name, name)).ToList();
        if (!names.Contains("email"))
            return (null, "no column is named email; the first line names the columns, for example: email,name,city");
        return names.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? (null, $"two columns are named {twice.Key}; rename one")
            : (new(names), null);
    }

    /// <summary>A record as a person, or what is wrong with it.</summary>
    public ListRow Read(long line, IReadOnlyList<string> record, string source)
    {
        if (record.Count > columns.Length)
            return new ListRow.Bad(line, $"{record.Count} cells, and the header names {columns.Length}; put a value that holds the separator in quotes");
        var person = new Cells();
        for (var i = 0; i < record.Count; i++) // cells left out at the end are empty
            if (person.Take(columns[i], SubscriberCsv.Plain(record[i])) is { } fault)
                return new ListRow.Bad(line, fault);
        if (person.Address is null)
            return new ListRow.Bad(line, "no address: the row ends before the column email");
        return new ListRow.Person(line, new Profile(person.Address)
        {
            Name = person.Name,
            Fields = FieldsOf(record),
            Tags = person.Tags,
            Topics = person.Topics,
            TopicsLeft = person.TopicsLeft,
            Language = person.Language,
            TimeZone = person.TimeZone,
            Source = person.Source.Length > 0 ? person.Source : source,
            Since = person.Since,
        }, person.State) { StateSince = person.StateSince, PausedUntil = person.PausedUntil };
    }

    private PersonalFields FieldsOf(IReadOnlyList<string> record)
    {
        if (fields.Length == 0)
            return PersonalFields.None;
        var kept = new List<KeyValuePair<string, string>>(fields.Length);
        foreach (var index in fields)
            if (index < record.Count && PersonalText.Lines(SubscriberCsv.Plain(record[index]), PersonalText.MaxValue) is { Length: > 0 } value)
                kept.Add(new(columns[index].Name, value));
        return kept.Count == 0 ? PersonalFields.None : new([.. kept]);
    }

    /// <summary>The cells of one row as they are read, each with what may be wrong with it.</summary>
    private sealed class Cells
    {
        public EmailAddress? Address { get; private set; }
        public string Name { get; private set; } = "";
        public SubscriptionState? State { get; private set; }
        public DateTimeOffset? StateSince { get; private set; }
        public DateTimeOffset? PausedUntil { get; private set; }
        public DateTimeOffset? Since { get; private set; }
        public string Language { get; private set; } = "";
        public string TimeZone { get; private set; } = "";
        public string[] Topics { get; private set; } = [];
        public string[] TopicsLeft { get; private set; } = [];
        public string[] Tags { get; private set; } = [];
        public string Source { get; private set; } = "";

        /// <summary>Null, or what is wrong.</summary>
        public string? Take(Column column, string value)
        {
            if (value.Length > PersonalText.MaxValue && column.Meaning is not (Meaning.Topics or Meaning.TopicsLeft or Meaning.Tags))
                return $"{column.Name} has more than {PersonalText.MaxValue} letters";
            switch (column.Meaning)
            {
                case Meaning.Email:
                    return TakeAddress(value);
                case Meaning.Name:
                    Name = value;
                    return value.Length > PersonalText.MaxName ? $"the name has more than {PersonalText.MaxName} letters" : null;
                case Meaning.State:
                    State = SubscriptionStates.Read(value);
                    return State is null && !string.IsNullOrWhiteSpace(value) || State is SubscriptionState.Erased
                        ? $"\"{PersonalText.OneLine(value, 40)}\" is no standing: pending, active, paused, unsubscribed, suspended or complained; rename the column where it means something else"
                        : null;
                case Meaning.StateSince:
                    return NoDate(value, StateSince = SubscriberCsv.ReadInstant(value));
                case Meaning.PausedUntil:
                    return NoDate(value, PausedUntil = SubscriberCsv.ReadInstant(value));
                case Meaning.Since:
                    return NoDate(value, Since = SubscriberCsv.ReadInstant(value));
                case Meaning.Language:
                    Language = value;
                    return null;
                case Meaning.TimeZone:
                    TimeZone = value;
                    return null;
                case Meaning.Topics:
                    Topics = Marks(value);
                    return Fault(column, Topics);
                case Meaning.TopicsLeft:
                    TopicsLeft = Marks(value);
                    return Fault(column, TopicsLeft);
                case Meaning.Tags:
                    Tags = Marks(value);
                    return Fault(column, Tags);
                case Meaning.Source:
                    Source = value;
                    return null;
                default:
                    return column.Meaning is Meaning.None && !string.IsNullOrWhiteSpace(value) ? $"\"{PersonalText.OneLine(value, 40)}\" stands in a column without a name; name the column" : null;
            }
        }

        private static string? NoDate(string value, DateTimeOffset? read) =>
            read is null && !string.IsNullOrWhiteSpace(value) ? $"\"{PersonalText.OneLine(value, 40)}\" is no date; write it as 2026-05-04 or 2026-05-04T12:00:00Z" : null;

        private string? TakeAddress(string value)
        {
            Address = EmailAddress.Read(value);
            return Address is not null ? null : string.IsNullOrWhiteSpace(value) ? "no address" : $"\"{PersonalText.OneLine(value, 80)}\" is no mail address";
        }

        private static string? Fault(Column column, string[] marks) => marks.Length > PersonalText.MaxFields || marks.Any(mark => mark.Length > PersonalText.MaxMark)
            ? $"{column.Name}: more than {PersonalText.MaxFields}, or one with more than {PersonalText.MaxMark} letters"
            : null;

        private static string[] Marks(string text) => text.Length == 0 ? [] : text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
