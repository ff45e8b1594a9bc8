namespace Newsletter.Classifying;

/// <summary>Whose words an event is written in: each provider has JSON of its own.</summary>
public enum NotificationForm
{
    /// <summary>Amazon SES, by way of SNS.</summary>
    Ses,
    /// <summary>SendGrid's event webhook.</summary>
    SendGrid,
    /// <summary>Mailgun's webhooks.</summary>
    Mailgun,
    /// <summary>Postmark's webhooks.</summary>
    Postmark,
    /// <summary>Brevo's webhooks, of transactional and of marketing mail.</summary>
    Brevo,
    /// <summary>Our own form, for anyone's script: docs/notifications.md.</summary>
    Generic,
}

/// <summary>The spelling of the forms in the store.</summary>
public static class NotificationForms
{
    private static readonly Dictionary<string, NotificationForm> ByWord = Enum.GetValues<NotificationForm>().ToDictionary(WordOf);

    /// <summary><c>ses</c>, <c>sendgrid</c> and so on.</summary>
    public static string WordOf(NotificationForm form) => form.ToString().ToLowerInvariant();

    /// <summary>Null for a word that is none of them.</summary>
    public static NotificationForm? Read(string word) => ByWord.TryGetValue(word, out var form) ? form : null;
}
