using Microsoft.AspNetCore.Http;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>What somebody filled into a sign-up form, and the form itself: shown again it is as it was.</summary>
public sealed record SignUpInput(SignUpForm Form)
{
    public const string Email = "email", Name = "name", Topic = "topic", Shown = "shown", Language = "lang", Trap = "homepage", Asked = "asked", Answer = "answer", Take = "take", Keep = "keep";
    private const int LongestText = 1000;

    public string Address { get; init; } = "";

    public string PersonName { get; init; } = "";

    public IReadOnlyList<string> Topics { get; init; } = [];

    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of a field in the page, to the name of the text that says what is wrong.</summary>
    public IReadOnlyDictionary<string, string> Faults { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it was sent already, and one press is missing.</summary>
    public bool IsAgain { get; init; }

    /// <summary>The address that was probably meant, which is asked about; null: nothing looks like a slip.</summary>
    public EmailAddress? Meant { get; init; }

    /// <summary>Whether no mail server is found for the address, which is asked about.</summary>
    public bool IsDoubted { get; init; }

    /// <summary>The name of a field of the form in the page.</summary>
    public static string NameOf(SignUpField field) => $"field_{field.Name}";

    /// <summary>What a form brings, bounded; what it has no place for is left out.</summary>
    public static SignUpInput Read(SignUpForm form, IFormCollection posted) => new(form)
    {
        Address = PersonalText.OneLine(posted[Email], LongestText),
        PersonName = form.AskName ? PersonalText.OneLine(posted[Name], PersonalText.MaxName) : "",
        Topics = [.. form.Topics.Select(topic => topic.Id).Where(id => posted[Topic].Contains(id))],
        Fields = form.Fields.ToDictionary(field => field.Name, field => PersonalText.OneLine(posted[NameOf(field)], LongestText)),
    };

    /// <summary>With what is wrong.</summary>
    /// <param name="mailbox">The address; null where it is none that we would write to.</param>
    /// <param name="domain">What is known of its domain.</param>
    public SignUpInput Checked(EmailAddress? mailbox, DomainMail domain)
    {
        var faults = Form.Fields.Where(field => field.Required && Fields[field.Name].Length == 0).ToDictionary(NameOf, _ => "Subscribe.Missing");
        if (mailbox is null)
            faults[Email] = "Subscribe.NoAddress";
        else if (domain is DomainMail.Refuses)
            faults[Email] = "Subscribe.NoMail";
        return this with { Faults = faults };
    }

    /// <summary>As the store keeps it. A name with a link is none: it would stand in letters.</summary>
    public Profile Wish(EmailAddress mailbox) => new(mailbox) { Name = IsLink(PersonName) ? "" : PersonName, Topics = Topics, Fields = Fields, Language = Form.Language };

    /// <summary>Whether a link was typed in.</summary>
    public bool HasLink => IsLink(PersonName) || Fields.Values.Any(IsLink);

    private static bool IsLink(string text) => text.Contains("://", StringComparison.Ordinal) || text.Contains("www.", StringComparison.OrdinalIgnoreCase);
}
