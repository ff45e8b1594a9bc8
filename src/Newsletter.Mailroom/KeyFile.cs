using System.Security.Cryptography;
using System.Text.Json;
using Newsletter.Addresses;

namespace Newsletter.Mailroom;

/// <summary>The file of the secrets that seal our addresses: made at first start, mode 0600, <c>{"current":1,"keys":{"1":"base64"}}</c>.</summary>
/// <remarks>Losing it makes every unsubscribe link and Return-Path already sent unreadable: it belongs in the backup.</remarks>
public static class KeyFile
{
    private sealed record Content(byte Current, Dictionary<byte, string?>? Keys);

    /// <summary>Reads the file; makes it where there is none.</summary>
    /// <exception cref="SettingException">The file is there and cannot be read as keys: it is never overwritten.</exception>
    public static KeyRing Open(string path)
    {
        if (!File.Exists(path))
            Create(path);
        try
        {
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
            var keys = content is { Keys: { } written } ? written.ToDictionary(pair => pair.Key, pair => Convert.FromBase64String(pair.Value ?? "")) : null;
            if (content is not null && keys is not null && keys.Values.All(key => key.Length >= 32) && keys.ContainsKey(content.Current))
                return new(content.Current, keys);
        }
        catch (Exception e) when (e is JsonException or FormatException) { /* said below */ }
        throw new SettingException($"{path}: this is no key file; restore it from a backup (without it, links and Return-Paths already sent cannot be read)");
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Content(1, new() { [1] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) }), JsonSerializerOptions.Web);
        var temporary = $"{path}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path)) { /* another process was first: its keys hold */ }
        catch (IOException e) { throw new IOException($"{path}: the keys cannot be written: {e.Message}; make room on that disk, and let this user write there", e); }
        finally { File.Delete(temporary); }
    }
}
