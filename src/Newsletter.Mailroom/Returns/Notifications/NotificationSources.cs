using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Newsletter.Classifying;

namespace Newsletter.Mailroom;

/// <summary>An address at which a provider tells what became of letters, and how it proves itself there.</summary>
public sealed class NotificationSource
{
    internal NotificationSource(NotificationOptions options, INotificationProof proof) => (Name, Form, Proof) = (options.Name, options.Kind!.Value, proof);

    /// <summary>The end of its address.</summary>
    public string Name { get; }

    /// <summary>Whose words.</summary>
    public NotificationForm Form { get; }

    internal INotificationProof Proof { get; }
}

/// <summary>All of them, by their names.</summary>
public sealed class NotificationSources
{
    private readonly Dictionary<string, NotificationSource> _byName;

    internal NotificationSources(IReadOnlyList<NotificationOptions> options, SnsAuthority amazon, ILogger<NotificationSources> log) =>
        _byName = options.ToDictionary(each => each.Name, each => new NotificationSource(each, ProofOf(each, amazon, log)), StringComparer.Ordinal);

    /// <summary>The names, in the order of the configuration.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Null for a name that none has.</summary>
    public NotificationSource? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The section.</summary>
    /// <exception cref="SettingException">A key is missing or wrong, or two have one name.</exception>
    internal static IReadOnlyList<NotificationOptions> Read(IConfiguration configuration)
    {
        var options = configuration.ReadList<NotificationOptions>("Returns:Notifications");
        return options.GroupBy(each => each.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new SettingException($"Returns:Notifications: two have the name {twice.Key}; give each its own {Settings.Where(configuration)}") : options;
    }

    private static INotificationProof ProofOf(NotificationOptions options, SnsAuthority amazon, ILogger log) => options.Kind switch
    {
        NotificationForm.Ses => new SnsProof(options, amazon, log),
        NotificationForm.SendGrid => new SendGridProof(options),
        NotificationForm.Mailgun => new MailgunProof(options),
        NotificationForm.Generic => new WebhookProof(options),
        _ => new SecretProof(options),
    };
}
