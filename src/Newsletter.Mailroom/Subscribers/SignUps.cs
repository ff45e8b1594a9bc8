using Microsoft.Extensions.Logging;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What readers do to subscribe by themselves: ask at a form, and confirm by the link of the mail that they get.</summary>
public sealed partial class SignUps(SignUpStore store, SignUpForms forms, SignUpOptions options, DisposableDomains disposable, Lazy<OurAddresses> ours, Acts acts, TimeProvider time, ILogger<SignUps> log)
{
    /// <summary>A spike is said once an hour: who sits before the log is no fire brigade.</summary>
    private static readonly TimeSpan SaidEvery = TimeSpan.FromHours(1);

    private readonly Lock saying = new();
    private DateTimeOffset said = DateTimeOffset.MinValue;

    /// <summary>Takes an ask.</summary>
    /// <param name="wish">What is asked for.</param>
    /// <param name="wording">The words that were shown.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="signs">What can be seen of it.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<AskOutcome> AskAsync(Profile wish, Wording wording, SignUpOrigin origin, SignUpSigns signs, CancellationToken ct)
    {
        var seen = signs with { IsDisposable = disposable.Have(wish.Address.Domain) };
        var verdict = SignUpVerdict.Good;
        SignUpVerdict Judge(long ofNetwork) => verdict = seen.Judge(options.Quickest, options.HoldFrom, ofNetwork, Math.Max(2, options.PerNetwork / 2));
        var outcome = await store.AskAsync(wish with { Source = $"form {wording.Form}" }, wording, origin, Judge, options.Caps, time.GetUtcNow(), ct);
        if (outcome is AskOutcome.Owed)
            LogAsked(wording.Form);
        else if (outcome is AskOutcome.TooMany || (outcome is AskOutcome.Held && !verdict.IsHeld))
            SaySpike(wording.Form);
        return outcome;
    }

    /// <summary>Lets a wish go that was held.</summary>
    public Task<bool> ReleaseAsync(long id, CancellationToken ct) => DoAsync("signups release", id, () => store.ReleaseAsync(id, options.Caps, time.GetUtcNow(), ct));

    /// <summary>Refuses a wish.</summary>
    public Task<bool> RefuseAsync(long id, CancellationToken ct) => DoAsync("signups refuse", id, () => store.RefuseAsync(id, time.GetUtcNow(), ct));

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

    private Task<bool> DoAsync(string act, long id, Func<Task<bool>> work) => acts.DoAsync(work, isDone => isDone ? new Deed(act, Deed.Numbered("signup", id)) : null);

    private void SaySpike(string form)
    {
        lock (saying)
        {
            if (time.GetUtcNow() - said < SaidEvery)
                return;
            said = time.GetUtcNow();
        }
        LogSpike(form);
    }

    [LoggerMessage(2006, LogLevel.Warning, "More sign-ups at the form {Form} than its limits let through: what is over is held (newsletter signups) or sent away. SignUp:Enabled=false closes the forms.")]
    private partial void LogSpike(string form);

    [LoggerMessage(2003, LogLevel.Information, "Somebody has asked to be subscribed at the form {Form}")]
    private partial void LogAsked(string form);

    [LoggerMessage(2004, LogLevel.Information, "Subscriber {Subscriber} has confirmed sign-up {SignUp}")]
    private partial void LogConfirmed(long subscriber, long signUp);
}
