using System.Collections.Frozen;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>The sign-up forms, each in every language that pages are in.</summary>
public sealed class SignUpForms
{
    private readonly string first;
    private readonly FrozenDictionary<(string Name, string Language), SignUpForm> forms;

    /// <exception cref="SettingException">A form names a topic that there is not.</exception>
    public SignUpForms(SignUpOptions options, Publication publication, IReadOnlyList<Topic> topics)
    {
        var all = options.Forms.Count > 0 ? options.Forms : [new()];
        first = all[0].Name;
        forms = all.SelectMany(_ => ReaderTexts.OfPages, (form, texts) => Form(options, publication, topics, form, texts)).ToFrozenDictionary(form => (form.Name, form.Wording.Language));
    }

    /// <summary>Their names, in order.</summary>
    public IEnumerable<string> Names => forms.Keys.Select(key => key.Name).Distinct().OrderBy(name => name != first).ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>A form in a language; null where there is none of that name.</summary>
    /// <param name="name">Empty: the first.</param>
    /// <param name="texts">The language.</param>
    public SignUpForm? Find(string name, ReaderTexts texts) => forms.GetValueOrDefault((name.Length > 0 ? name : first, texts.Language));

    private static SignUpForm Form(SignUpOptions options, Publication publication, IReadOnlyList<Topic> topics, SignUpFormOptions form, ReaderTexts texts)
    {
        var own = form.Languages.FirstOrDefault(each => each.Language.Equals(texts.Language, StringComparison.OrdinalIgnoreCase)) ?? new();
        string Text(string translated, string configured, string key) => translated.Length > 0 ? translated : configured.Length > 0 ? configured : texts.Say(key, ("name", publication.Name));
        return new(form.Name, texts.Language, Text(own.Title, form.Title, "Subscribe.Title"), Text(own.Words, form.Words, "Subscribe.Words"), Text(own.Privacy, form.Privacy, "Subscribe.Privacy"), options.PrivacyUrl, texts["Subscribe.Button"])
        {
            Topics = [.. form.Topics.Select(id => (id, (topics.FirstOrDefault(topic => topic.Id == id) ?? throw NoTopic(form, id)).In(texts.Language).Name))], Fields = form.Fields, AskName = form.AskName,
        };
    }

    private static SettingException NoTopic(SignUpFormOptions form, string id) => new($"SignUp:Forms: the form {form.Name} names the topic {id}, which is none of Topics; add it there, or take it out");
}

/// <summary>A form as a reader sees it, in one language.</summary>
/// <param name="Name">The form's.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Words">What a reader agrees to.</param>
/// <param name="Privacy">What is done with the address.</param>
/// <param name="PrivacyUrl">Where more is said; empty: nowhere.</param>
/// <param name="Button">What is pressed.</param>
public sealed record SignUpForm(string Name, string Language, string Title, string Words, string Privacy, string PrivacyUrl, string Button)
{
    /// <summary>What there is to choose: its name in the store, and what readers see.</summary>
    public IReadOnlyList<(string Id, string Name)> Topics { get; init; } = [];

    /// <summary>What else is asked.</summary>
    public IReadOnlyList<SignUpField> Fields { get; init; } = [];

    /// <summary>Whether a name is asked for.</summary>
    public bool AskName { get; init; }

    /// <summary>All that is agreed to.</summary>
    public Wording Wording => field ??= new(Name, Language, string.Join('\n', (IEnumerable<string>)[Title, Words, .. Topics.Select(topic => $"[ ] {topic.Name}"), $"{Privacy} {PrivacyUrl}".TrimEnd(), $"[{Button}]"]));
}
