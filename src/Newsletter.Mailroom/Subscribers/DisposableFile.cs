using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>The house's own list of domains that give mailboxes for an hour.</summary>
internal static class DisposableFile
{
    /// <exception cref="SettingException">The file that the configuration names cannot be read.</exception>
    public static DisposableDomains Read(SignUpOptions options, PublicationFolder folder)
    {
        if (options.DisposableDomains.Length == 0)
            return new([]);
        try
        {
            return new(File.ReadLines(Path.Combine(folder.Root, options.DisposableDomains)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"SignUp:DisposableDomains names {options.DisposableDomains}, which cannot be read: {e.Message}; put the file there, or leave the key out");
        }
    }
}
