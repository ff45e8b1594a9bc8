namespace Newsletter.Testing;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Source
{
    /// <summary>The folder of Newsletter.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A real issue that lies beside the checkout; null where it is not there, as with users.</summary>
    public static string? RealIssue(string name) => Path.Combine(Root, "..", "shared", "issues", name) is var path && File.Exists(path) ? Path.GetFullPath(path) : null;

    /// <summary>The issue that the project ships.</summary>
    public static string SampleIssue => Directory.GetFiles(Path.Combine(Root, "issues"), "*.md").Order(StringComparer.Ordinal).First();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Newsletter.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no Newsletter.sln above {AppContext.BaseDirectory}");
    }
}
