namespace Newsletter.Issues;

/// <summary>One thing of a list: what its file says of it, in words.</summary>
/// <param name="Line">The line of the file at which it begins, from 1.</param>
/// <param name="Values">By key, in lower case with <c>_</c> for blanks; a value that is a list has commas between its parts.</param>
public sealed record DataItem(int Line, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Key <c>posted</c>: the first day on which it may be shown; null: from ever.</summary>
    public DateOnly? Posted { get; init; }

    /// <summary>Key <c>until</c>: the last day on which it may be shown; null: for ever.</summary>
    public DateOnly? Until { get; init; }
}

/// <summary>Things that a publication keeps in a file for its issues to list, such as jobs: <c>data/jobs.yaml</c> (JSON is YAML too) or <c>data/jobs.csv</c>.</summary>
/// <param name="FileName">From the publication's folder, as problems name it.</param>
/// <param name="Items">In the order of the file, without those that cannot be read.</param>
/// <param name="Problems">What is wrong with the file, in its own lines.</param>
public sealed record DataList(string FileName, IReadOnlyList<DataItem> Items, IReadOnlyList<IssueProblem> Problems)
{
    /// <summary>The most octets of a file; a board of a thousand jobs has less.</summary>
    public const int MaxBytes = IssueFile.MaxBytes;

    /// <summary>The most items of a file.</summary>
    public const int MaxItems = 5000;

    /// <summary>The Markdown of one item, with <c>{{ item.KEY }}</c> for its values: the file beside the data with the ending <c>.md</c>. Null: there is none.</summary>
    public string? Form { get; init; }

    /// <summary>What is wrong with the form's file, in its own lines.</summary>
    public IReadOnlyList<IssueProblem> FormProblems { get; init; } = [];

    /// <summary>The name of the form's file, whether it is there or not.</summary>
    public string FormName => Path.ChangeExtension(FileName, ".md");

    /// <summary>Reads a file. Never throws for what is in it.</summary>
    /// <param name="fileName">Its ending says whether it is CSV.</param>
    /// <param name="bytes">UTF-8.</param>
    public static DataList Read(string fileName, ReadOnlySpan<byte> bytes)
    {
        var (items, problems) = (new List<DataItem>(), new List<IssueProblem>());
        if (bytes.Trim(" \t\r\n"u8).IsEmpty || IssueText.Read(bytes, problems) is not { } text)
            return new(fileName, items, problems);

        var records = fileName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? DataCsv.Read(text, problems) : DataYaml.Read(text, problems);
        foreach (var (line, values) in records.Take(MaxItems + 1))
            if (items.Count == MaxItems)
                problems.Add(new(line, 1, Severity.Error, "list-large", $"more than {MaxItems:N0} items", "take the old ones out"));
            else if (Item(line, values, problems) is { } item)
                items.Add(item);
        return new(fileName, items, problems);
    }

    private static DataItem? Item(int line, IReadOnlyDictionary<string, string> values, List<IssueProblem> problems)
    {
        var before = problems.Count;
        var item = new DataItem(line, values) { Posted = Date("posted"), Until = Date("until") };
        return problems.Count == before ? item : null;

        DateOnly? Date(string key)
        {
            var text = values.GetValueOrDefault(key, "").Trim();
            var date = IssueFields.DateOf(text);
            if (date is null && text.Length > 0)
                problems.Add(Bad(line, $"{key}: `{Excerpt.Of(text)}` is no date", "write year, month and day, such as 2026-01-31"));
            return date;
        }
    }

    /// <summary>A key as it is written in a form: letters, digits, <c>-</c> and <c>_</c>.</summary>
    internal static string Key(string text) => string.Concat(text.Trim().ToLowerInvariant().Select(sign => char.IsLetterOrDigit(sign) || sign == '-' ? sign : '_'));

    /// <summary>An item that is left out.</summary>
    internal static IssueProblem Bad(int line, string message, string hint) => new(line, 1, Severity.Error, "list-item", message, hint);

    /// <summary>A file that is no list.</summary>
    internal static IssueProblem Invalid(int line, string message, string hint) => new(line, 1, Severity.Error, "list-invalid", message, hint);
}
