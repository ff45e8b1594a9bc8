using System.ComponentModel.DataAnnotations;
using Newsletter.Classifying;

namespace Newsletter.Mailroom;

/// <summary>One address at which a provider tells what became of letters. <c>Returns:Notifications</c> is a list of them.</summary>
public sealed class NotificationOptions : IValidatableObject
{
    private const int LongestName = 40;
    private const int ShortestSecret = 16;

    /// <summary>Whose words they are.</summary>
    [Required] public NotificationForm? Kind { get; init; }

    /// <summary>The end of its address, <c>POST /returns/NAME</c>; unlike any other's.</summary>
    [Required] public string Name { get; init; } = "";

    /// <summary>What requests are checked with; several while one is replaced. SendGrid: the verification key. Mailgun: the HTTP webhook signing key. Generic: secrets that begin with <c>whsec_</c>. Postmark, Brevo: the value of <see cref="Header"/>.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Postmark, Brevo: the header that holds one of <see cref="Keys"/>. Empty: <c>Authorization: Bearer KEY</c>.</summary>
    public string Header { get; init; } = "";

    /// <summary>Postmark, Brevo: the user of HTTP basic authentication.</summary>
    public string User { get; init; } = "";

    /// <summary>Postmark, Brevo: its password.</summary>
    public string Password { get; init; } = "";

    /// <summary>Amazon: the ARNs of the SNS topics whose messages are taken.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>How old a signed time may be. Unset: as long as the provider goes on trying, or 5 minutes for Generic, which signs each try anew.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "7.00:00:00")] public TimeSpan? Tolerance { get; init; }

    /// <summary>The tolerance in use.</summary>
    public TimeSpan ActualTolerance => Tolerance ?? Kind switch
    {
        NotificationForm.Ses => TimeSpan.FromHours(2), // SNS goes on trying for an hour
        NotificationForm.SendGrid => TimeSpan.FromHours(25), // a day
        NotificationForm.Mailgun => TimeSpan.FromHours(9), // eight hours
        _ => TimeSpan.FromMinutes(5),
    };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name.Length > LongestName || !Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-'))
            yield return new($"is no end of an address: write it in small letters, digits and hyphens, {LongestName} at most", [nameof(Name)]);
        foreach (var fault in Kind switch
        {
            NotificationForm.Ses => OfTopics(),
            NotificationForm.SendGrid => OfKeys("the verification key of the signed event webhook", IsVerificationKey, "is no verification key of SendGrid: copy it whole, it begins with MFkw"),
            NotificationForm.Mailgun => OfKeys("the HTTP webhook signing key", IsLong, $"is too short for Mailgun's HTTP webhook signing key"),
            NotificationForm.Generic => OfKeys("a secret, whsec_ and 24 to 64 octets in base64 (openssl rand -base64 32)", key => WebhookProof.Secret(key) is not null, "is no secret: write whsec_ and 24 to 64 octets in base64 (openssl rand -base64 32)"),
            NotificationForm.Postmark or NotificationForm.Brevo => OfSecret(),
            _ => [],
        })
            yield return fault;
    }

    private IEnumerable<ValidationResult> OfTopics()
    {
        if (Topics.Count == 0)
            yield return new("is missing: name the SNS topic, arn:aws:sns:eu-west-1:123456789012:bounces", [nameof(Topics)]);
        if (Topics.Any(topic => SnsTopic.Read(topic) is null))
            yield return new("holds one that is no SNS topic; write it as arn:aws:sns:eu-west-1:123456789012:bounces", [nameof(Topics)]);
    }

    private IEnumerable<ValidationResult> OfKeys(string what, Func<string, bool> fits, string misfit)
    {
        if (Keys.Count == 0)
            yield return new($"is missing: {what}", [nameof(Keys)]);
        if (Keys.Any(key => !fits(key)))
            yield return new(misfit, [nameof(Keys)]);
    }

    private IEnumerable<ValidationResult> OfSecret()
    {
        if (Keys.Count == 0 && (User.Length == 0 || Password.Length == 0))
            yield return new($"is missing: {Kind} signs nothing, so give User and Password, or Keys (and Header), and tell it the same", [nameof(Keys)]);
        if (Keys.Any(key => !IsLong(key)))
            yield return new($"holds one that is too short: take at least {ShortestSecret} characters (openssl rand -hex 24), it is all that stands before it", [nameof(Keys)]);
        if (Password.Length > 0 && !IsLong(Password))
            yield return new($"is too short: take at least {ShortestSecret} characters (openssl rand -hex 24), it is all that stands before it", [nameof(Password)]);
    }

    private static bool IsLong(string secret) => secret.Length >= ShortestSecret;

    private static bool IsVerificationKey(string key)
    {
        using var read = SendGridProof.Key(key);
        return read is not null;
    }
}
