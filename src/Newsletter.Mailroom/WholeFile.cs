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
    public static Task WriteAsync(string path, UnixFileMode mode, Func<TextWriter, Task> write) => WriteOctetsAsync(path, mode, async file =>
    {
        await using var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true);
        await write(text);
        return true;
    });

    /// <summary>Writes octets.</summary>
    /// <param name="path">In a folder that is there.</param>
    /// <param name="mode">Who may read it.</param>
    /// <param name="write">Writes all of it; false: there is nothing to be written, and no file is.</param>
    /// <returns>Whether there is a file.</returns>
    public static async Task<bool> WriteOctetsAsync(string path, UnixFileMode mode, Func<Stream, Task<bool>> write)
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
                if (!await write(file))
                    return false;
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        finally
        {
            File.Delete(temporary); // moved, it is there no more
        }
    }
}
