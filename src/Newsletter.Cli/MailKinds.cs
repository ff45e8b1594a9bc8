namespace Newsletter.Cli;

/// <summary>The kinds of returned mail, as commands name them.</summary>
internal static class MailKinds
{
    public static string[] All => ["bounce", "delayed", "complaint", "auto-reply", "unsubscribe", "reply", "delivered", "other"];
}
