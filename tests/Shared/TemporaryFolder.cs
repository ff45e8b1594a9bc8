namespace Newsletter.Testing;

/// <summary>A new folder of one test, gone with all it holds when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    // A short name: the path of a Unix socket may have 107 octets.
    public string Path { get; } = Directory.CreateTempSubdirectory("nl-").FullName;

    /// <summary>The path of a file or folder in it, which need not be there.</summary>
    public string File(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
