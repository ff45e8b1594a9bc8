using System.Text;

namespace Newsletter.Mailroom;

/// <summary>Writes a file whole or not at all: whoever reads it sees the old one or the new one, and a full disk leaves the old one.</summary>
public static class WholeFile
{
    /// <summary>Writes UTF-8 text that only this user may read: lists hold people.</summary>
    public static async Task WriteAsync(string path, Func<TextWriter, Task> write)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw new DirectoryNotFoundException($"{path}: its folder does not exist; make it first");
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 64 * 1024 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using (var file = new FileStream(temporary, options))
            {
                await using (var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true))
                    await write(text);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
