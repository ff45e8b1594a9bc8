using Newsletter.Mailroom;

namespace Newsletter.Cli;

/// <summary>The issues that a command line names, for the verbs that take several.</summary>
internal static class IssuePaths
{
    public const string Description = "Issues by file (NAME.md), number or name, or folders of them.";

    /// <summary>Files, those of a folder by name. One that is not there is passed on, for its finding; a folder without issues is told here.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> wanted, IssueFolder folder) => [.. wanted.SelectMany(one => Of(one, folder))];

    private static List<string> Of(string wanted, IssueFolder folder)
    {
        if (File.Exists(wanted))
            return [wanted];
        if ((Directory.Exists(wanted) ? wanted : folder.FindFolder(wanted)) is not { } directory)
            return [folder.Find(wanted) ?? wanted];
        var files = Directory.EnumerateFiles(directory, "*.md").Where(file => !Path.GetFileName(file).Equals("README.md", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            Console.Error.WriteLine(Plain.Line($"newsletter: {wanted}: no issue (NAME.md) is in this folder"));
        return files;
    }
}
