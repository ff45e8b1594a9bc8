namespace Newsletter.Subscribers;

/// <summary>What the columns of one list mean, by its header: names in any order and letter case; every other column is a field.</summary>
internal sealed class SubscriberColumns
{
    /// <summary>The columns of ours, in the order in which they are written.</summary>
    public static readonly string[] Ours = ["email", "name", "state", "since", "language", "time-zone", "topics", "tags", "source"];

    /// <summary>Other names that lists give them. A foreign <c>status</c> must not pass as a field: it may be the one word that says a reader has left.</summary>
    private static readonly Dictionary<string, string> Aliases = new()
    {
        ["e-mail"] = "email", ["email_address"] = "email", ["e-mail_address"] = "email", ["status"] = "state", ["time_zone"] = "time-zone", ["timezone"] = "time-zone",
    };

    private readonly List<string> names;

    private SubscriberColumns(List<string> names) => this.names = names;

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
        if (record.Count > names.Count)
            return new ListRow.Bad(line, $"{record.Count} cells, and the header names {names.Count}; put a value that holds the separator in quotes");
        var cells = names.Zip(record.Select(SubscriberCsv.Plain)).ToList(); // cells left out at the end are empty
        if (Fault(cells) is { } fault)
            return new ListRow.Bad(line, fault);

        var ours = cells.Where(cell => Ours.Contains(cell.First)).ToDictionary(cell => cell.First, cell => cell.Second);
        return new ListRow.Person(line, new Profile(EmailAddress(ours)!)
        {
            Name = ours.GetValueOrDefault("name", ""),
            Fields = cells.Where(cell => cell.First.Length > 0 && !Ours.Contains(cell.First)).ToDictionary(cell => cell.First, cell => cell.Second),
            Tags = Marks(ours.GetValueOrDefault("tags", "")),
            Topics = Marks(ours.GetValueOrDefault("topics", "")),
            Language = ours.GetValueOrDefault("language", ""),
            TimeZone = ours.GetValueOrDefault("time-zone", ""),
            Source = ours.GetValueOrDefault("source", "") is { Length: > 0 } given ? given : source,
            Since = SubscriberCsv.ReadInstant(ours.GetValueOrDefault("since", "")),
        }, SubscriptionStates.Read(ours.GetValueOrDefault("state", "")));
    }

    private static string? Fault(List<(string Name, string Value)> cells)
    {
        foreach (var (name, value) in cells)
            if (Fault(name, value) is { } fault)
                return fault;
        return cells.Any(cell => cell.Name == "email") ? null : "no address: the row ends before the column email";
    }

    private static string? Fault(string name, string value) => name switch
    {
        "email" when string.IsNullOrWhiteSpace(value) => "no address",
        "email" when Addresses.EmailAddress.Read(value) is null => $"\"{PersonalText.OneLine(value, 80)}\" is no mail address",
        "state" when value.Trim().Length > 0 && SubscriptionStates.Read(value) is null or SubscriptionState.Erased =>
            $"\"{PersonalText.OneLine(value, 40)}\" is no standing: pending, active, paused, unsubscribed, suspended or complained; rename the column where it means something else",
        "since" when value.Trim().Length > 0 && SubscriberCsv.ReadInstant(value) is null => $"\"{PersonalText.OneLine(value, 40)}\" is no date; write it as 2026-05-04 or 2026-05-04T12:00:00Z",
        "name" when value.Length > PersonalText.MaxName => $"the name has more than {PersonalText.MaxName} letters",
        "tags" or "topics" when Marks(value) is var marks && (marks.Length > PersonalText.MaxFields || marks.Any(mark => mark.Length > PersonalText.MaxMark)) =>
            $"{name}: more than {PersonalText.MaxFields}, or one with more than {PersonalText.MaxMark} letters",
        "tags" or "topics" => null,
        "" when value.Trim().Length > 0 => $"\"{PersonalText.OneLine(value, 40)}\" stands in a column without a name; name the column",
        _ when value.Length > PersonalText.MaxValue => $"{name} has more than {PersonalText.MaxValue} letters",
        _ => null,
    };

    private static Addresses.EmailAddress? EmailAddress(Dictionary<string, string> ours) => Addresses.EmailAddress.Read(ours["email"]);

    private static string[] Marks(string text) => text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
