using System.Text;

namespace Newsletter.Mailroom;

/// <summary>Writes a file whole or not at all: whoever reads it sees the old one or the new one, and a full disk leaves the old one.</summary>
public static class WholeFile
{
    /// <summary>Only this user: for what holds people.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whoever may read any other file: the process's umask decides.</summary>
    public const UnixFileMode Ordinary = Private | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Writes UTF-8 text.</summary>
    /// <param name="path">In a folder that is there.</param>
    /// <param name="mode">Who may read it.</param>
    /// <param name="write">Writes all of it.</param>
    public static async Task WriteAsync(string path, UnixFileMode mode, Func<TextWriter, Task> write)
    {
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw new DirectoryNotFoundException($"{path}: its folder does not exist; make it first");
        var temporary = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 64 * 1024 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = mode;
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
