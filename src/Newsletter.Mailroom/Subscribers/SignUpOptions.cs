using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Section <c>SignUp</c> of the configuration: how readers subscribe by themselves, and what keeps the forms from being abused.</summary>
public sealed class SignUpOptions : IValidatableObject
{
    /// <summary>Whether there are forms. Off: their addresses lead nowhere, and links in mails that went out work still.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The forms, each at <c>/subscribe/NAME</c>; the first is at <c>/subscribe</c> as well. Empty: one named <c>main</c>.</summary>
    public IReadOnlyList<SignUpFormOptions> Forms { get; init; } = [];

    /// <summary>The web page that says what is done with readers' data; every form links to it. Empty: none.</summary>
    public string PrivacyUrl { get; init; } = "";

    /// <summary>How long the link of a confirmation mail works.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")] public TimeSpan ConfirmWithin { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The most mails to an address that has not confirmed, however often it is asked for: forms are used to bury a victim's mailbox.</summary>
    [Range(1, 10)] public int MailsPerAddress { get; init; } = 3;

    /// <summary>The least time between two of them.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")] public TimeSpan BetweenMails { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The most addresses that one network asks for in an hour; whoever comes then is asked to come later.</summary>
    [Range(1, 1_000_000)] public int PerNetwork { get; init; } = 20;

    /// <summary>The most addresses that are asked for at one form in an hour; what is over is held until a person has looked.</summary>
    [Range(1, 1_000_000)] public int PerForm { get; init; } = 500;

    /// <summary>The same for all forms together.</summary>
    [Range(1, 1_000_000)] public int InAll { get; init; } = 1000;

    /// <summary>The most wishes that are held in a day; who would be held then is asked to come later, so that no flood fills the disk.</summary>
    [Range(1, 10_000_000)] public int HeldPerDay { get; init; } = 10_000;

    /// <summary>How many bits of an IPv4 address name a network.</summary>
    [Range(8, 32)] public int NetworkBits { get; init; } = 24;

    /// <summary>How many bits of an IPv6 address name a network: providers give a customer a /56 at least.</summary>
    [Range(16, 128)] public int NetworkBits6 { get; init; } = 56;

    /// <summary>A form that was filled in more quickly was filled in by a machine.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")] public TimeSpan Quickest { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The score from which a wish is held until a person has looked; docs/operations.md has what counts how much.</summary>
    [Range(1, 100)] public int HoldFrom { get; init; } = 3;

    /// <summary>A file with more domains that give mailboxes for an hour, one a line; <c>!</c> before one that is none. Empty: the well-known ones alone.</summary>
    public string DisposableDomains { get; init; } = "";

    /// <summary>Whether the domain name system is asked about the domain of an address. Where it says that the domain takes no mail the address is refused, where it knows none it is asked about; where no answer comes, nothing follows.</summary>
    public bool CheckDomains { get; init; } = true;

    /// <summary>The name server to ask, <c>192.0.2.53</c> or <c>192.0.2.53:5353</c>. Empty: the system's.</summary>
    public string NameServer { get; init; } = "";

    internal SignUpCaps Caps => new(MailsPerAddress, BetweenMails, PerNetwork, PerForm, InAll, HeldPerDay);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PrivacyUrl.Length > 0 && !(Uri.TryCreate(PrivacyUrl, UriKind.Absolute, out var page) && page.Scheme is "https" or "http"))
            yield return new("is no web address; write it as https://example.org/privacy", [nameof(PrivacyUrl)]);
        if (NameServer.Length > 0 && !IPEndPoint.TryParse(NameServer, out _))
            yield return new("is no address of a name server; write it as 192.0.2.53 or 192.0.2.53:5353", [nameof(NameServer)]);
        if (Forms.GroupBy(form => form.Name).FirstOrDefault(alike => alike.Count() > 1) is { } twice)
            yield return new($"has two named '{twice.Key}'; each needs a name of its own", [nameof(Forms)]);
        foreach (var (form, (key, words)) in Forms.SelectMany((form, i) => form.Faults().Select(fault => (i, fault))))
            yield return new(words, [string.Create(CultureInfo.InvariantCulture, $"{nameof(Forms)}:{form}:{key}")]);
    }
}

/// <summary>One form.</summary>
public sealed class SignUpFormOptions
{
    /// <summary>Lower-case letters, digits and hyphens; it stands in the form's address and in the evidence, so it should not change.</summary>
    public string Name { get; init; } = "main";

    /// <summary>Its heading. Empty: "Subscribe to …", in the page's language.</summary>
    public string Title { get; init; } = "";

    /// <summary>What a reader agrees to. Empty: a sentence of ours, in the page's language.</summary>
    public string Words { get; init; } = "";

    /// <summary>What is done with the address. Empty: a sentence of ours, in the page's language.</summary>
    public string Privacy { get; init; } = "";

    /// <summary>The texts in other languages, by tag; one that is missing is as above.</summary>
    public IReadOnlyList<SignUpFormTexts> Languages { get; init; } = [];

    /// <summary>What a reader may choose to read about: ids of <c>Topics</c>. Empty: nothing is asked.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>What else is asked.</summary>
    public IReadOnlyList<SignUpField> Fields { get; init; } = [];

    /// <summary>Whether a name is asked for; nobody has to give one.</summary>
    public bool AskName { get; init; }

    /// <summary>What is wrong: the key, and words for it.</summary>
    internal IEnumerable<(string Key, string Words)> Faults()
    {
        if (Name.Length is 0 or > 40 || !Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-'))
            yield return (nameof(Name), "is no name for a form; write lower-case letters, digits and hyphens, such as main");
        for (var i = 0; i < Fields.Count; i++)
            if (!PersonalText.IsFieldName(Fields[i].Name))
                yield return (string.Create(CultureInfo.InvariantCulture, $"{nameof(Fields)}:{i}:{nameof(SignUpField.Name)}"), "is no name for a field; write lower-case letters, digits and _, such as company, and none that a column of a list has");
    }
}

/// <summary>A form's texts in one language.</summary>
public sealed class SignUpFormTexts
{
    /// <summary>BCP 47.</summary>
    public string Language { get; init; } = "";

    /// <inheritdoc cref="SignUpFormOptions.Title"/>
    public string Title { get; init; } = "";

    /// <inheritdoc cref="SignUpFormOptions.Words"/>
    public string Words { get; init; } = "";

    /// <inheritdoc cref="SignUpFormOptions.Privacy"/>
    public string Privacy { get; init; } = "";
}

/// <summary>Something else that a form asks for.</summary>
public sealed class SignUpField
{
    /// <summary>As templates name it.</summary>
    public string Name { get; init; } = "";

    /// <summary>As readers see it; empty: the name.</summary>
    public string Label { get; init; } = "";

    /// <summary>Whether it has to be filled in.</summary>
    public bool Required { get; init; }
}
