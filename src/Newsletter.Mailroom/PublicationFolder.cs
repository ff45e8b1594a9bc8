namespace Newsletter.Mailroom;

/// <summary>The folder in which one publication lives, and where in it what is kept.</summary>
/// <param name="Root">Absolute path.</param>
public sealed record PublicationFolder(string Root)
{
    /// <summary>The Markdown files: the truth for content.</summary>
    public string Issues => Path.Combine(Root, "issues");

    /// <summary>CSV lists, and the embedded database.</summary>
    public string Subscribers => Path.Combine(Root, "subscribers");

    /// <summary>Themes of the publication's own.</summary>
    public string Themes => Path.Combine(Root, "themes");

    /// <summary>The pickup folder, while no relay is configured.</summary>
    public string Outbox => Path.Combine(Root, "outbox");

    /// <summary>The Maildir of returned mail, while no mailbox is configured.</summary>
    public string Inbox => Path.Combine(Root, "inbox");

    /// <summary>The embedded database.</summary>
    public string Database => Path.Combine(Subscribers, "newsletter.db");

    /// <summary>What relays have said and the database does not have yet.</summary>
    public string Journals => Path.Combine(Subscribers, "journal");

    /// <summary>The secrets that seal our addresses, made at first start.</summary>
    public string Keys => Path.Combine(Subscribers, "keys.json");

    /// <summary>A path of the configuration: relative ones are meant from the publication's folder.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, Root);
}
