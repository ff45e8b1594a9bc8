using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What readers do to subscribe by themselves: ask at a form, and confirm by the link of the mail that they get.</summary>
public sealed partial class SignUps(SignUpStore store, SignUpForms forms, SignUpOptions options, Lazy<OurAddresses> ours, TimeProvider time, ILogger<SignUps> log)
{
    /// <summary>Takes an ask.</summary>
    /// <param name="wish">What is asked for.</param>
    /// <param name="wording">The words that were shown.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<AskOutcome> AskAsync(Profile wish, Wording wording, SignUpOrigin origin, CancellationToken ct)
    {
        var outcome = await store.AskAsync(wish with { Source = $"form {wording.Form}" }, wording, origin, SignUpVerdict.Good, options.Caps, time.GetUtcNow(), ct);
        if (outcome is AskOutcome.Owed)
            LogAsked(wording.Form);
        return outcome;
    }

    /// <summary>Whether it is an address of ours: a mail to the one by which another reader leaves would end that reader's subscription.</summary>
    public bool IsOurs(EmailAddress address) => OurAddresses.HaveSealedForm(address) && ours.Value.AreOurs(address);

    /// <summary>The words that a form was shown with: those of today, or older ones that somebody has agreed to before; null where nobody knows them any more.</summary>
    /// <param name="form">As it is shown today.</param>
    /// <param name="id">The number that the form brought.</param>
    /// <param name="ct">Stops.</param>
    public async Task<Wording?> WordingAsync(SignUpForm form, long id, CancellationToken ct) =>
        ReaderTexts.OfPages.Select(texts => forms.Find(form.Name, texts)!.Wording).FirstOrDefault(wording => wording.Id == id)
        ?? (await store.FindWordingAsync(id, ct) is { } old && old.Form == form.Name ? old : null);

    /// <summary>How the wish of a link stands; nothing changes.</summary>
    public Task<(ConfirmOutcome Outcome, string Language)> LookAsync(SignUpId id, CancellationToken ct) => store.LookAsync(id, options.ConfirmWithin, time.GetUtcNow(), ct);

    /// <summary>Subscribes by the word of who reads the mailbox. Twice is once.</summary>
    public async Task<ConfirmOutcome> ConfirmAsync(SignUpId id, SignUpOrigin origin, CancellationToken ct)
    {
        var (outcome, subscriber) = await store.ConfirmAsync(id, options.ConfirmWithin, origin, time.GetUtcNow(), ct);
        if (subscriber is { } who)
            LogConfirmed(who.Value, id.Value);
        return outcome;
    }

    [LoggerMessage(2003, LogLevel.Information, "Somebody has asked to be subscribed at the form {Form}")]
    private partial void LogAsked(string form);

    [LoggerMessage(2004, LogLevel.Information, "Subscriber {Subscriber} has confirmed sign-up {SignUp}")]
    private partial void LogConfirmed(long subscriber, long signUp);
}
