namespace Newsletter.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Source
{
    /// <summary>The folder of Newsletter.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Newsletter.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"no Newsletter.sln above {AppContext.BaseDirectory}");
    }
}
