namespace Newsletter.Cli;

/// <summary>What a command writes into a folder that its user named.</summary>
internal static class OutputFiles
{
    /// <param name="option">How the folder was named, for the words.</param>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">It cannot be made; the message says why, and what to do.</exception>
    public static void MakeFolder(string option, string path)
    {
        try { Directory.CreateDirectory(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{option} {path}: the folder cannot be made ({e.Message}); name another", e);
        }
    }

    /// <summary>Written aside and renamed: who reads the folder meanwhile, or after a full disk, never finds half a file.</summary>
    /// <exception cref="IOException">It cannot be written; the message says why, and what to do.</exception>
    public static void Write(string option, string path, ReadOnlySpan<byte> octets)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllBytes(temporary, octets);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new IOException($"{path}: cannot be written: {e.Message}; make room on that disk, or name another folder with {option}", e);
        }
    }
}
