namespace Newsletter.Mailroom;

/// <summary>Finds files by names that strangers may have written: never one outside of the folder, whatever the name or a link in it says.</summary>
public sealed class SafeFolder(string root)
{
    private const int MaxLinks = 8;
    private const int MaxName = 1000;
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>The file's true path; null where there is none below the folder.</summary>
    /// <param name="name">Names parted by <c>/</c>; hidden ones, <c>..</c> and those of other systems (<c>C:</c>, <c>\</c>) are none.</param>
    public string? Find(string name) => name.Length <= MaxName ? Find(name.Split('/'), MaxLinks) : null;

    private string? Find(string[] parts, int links)
    {
        var path = _root;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!IsName(parts[i]))
                return null;
            path = Path.Combine(path, parts[i]);
            if (LinkTarget(path) is { } target) // walked from the start again: on its way there may be links as well
                return links > 0 && Below(target) is { } below ? Find([.. below, .. parts.Skip(i + 1)], links - 1) : null;
        }
        return File.Exists(path) ? path : null;
    }

    private static bool IsName(string part) =>
        part.Length is > 0 and <= 255 && part[0] != '.' && part.AsSpan().IndexOfAny("\\:") < 0 && !part.Any(char.IsControl);

    private static string? LinkTarget(string path) => new FileInfo(path).LinkTarget is { } target ? Path.GetFullPath(target, Path.GetDirectoryName(path)!) : null;

    private string[]? Below(string path) =>
        path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path[(_root.Length + 1)..].Split(Path.DirectorySeparatorChar) : null;
}
