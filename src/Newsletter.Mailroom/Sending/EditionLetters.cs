using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Mailroom;

/// <summary>The letters of one edition, by claim: to the reader, or, in the sandbox, to its one address with a banner that says for whom it was.</summary>
internal sealed class EditionLetters
{
    private readonly LetterWriter writer;
    private readonly LetterWriter? other;
    private readonly EmailAddress? sandbox;

    public EditionLetters(Edition edition, RenderedIssue issue, SendingDesk desk, Publication publication, DkimSeal seal)
    {
        sandbox = EmailAddress.Read(edition.Sandbox);
        // In the sandbox the addresses are nobody's: a click of who tries it out must not unsubscribe the reader, and a bounce not suspend them.
        var shown = sandbox is null ? issue : Marked.Sandbox(issue);
        writer = Writer(shown);
        other = shown.SubjectB is { } subject ? Writer(shown with { Subject = subject }) : null;

        LetterWriter Writer(RenderedIssue text) => new(text, publication, sandbox is null ? desk.Ours : desk.Harmless, seal, edition.StartedAt ?? edition.DueAt);
    }

    /// <summary>Which text a claim's letter has.</summary>
    public string RevisionOf(Claim claim) => WriterOf(claim).Revision;

    /// <summary>Null where the address kept in the store is none any more.</summary>
    public Letter? Write(Claim claim) => EmailAddress.Read(claim.Address) is not { } address ? null : WriterOf(claim).Write(claim.Id, sandbox ?? address, new PersonalValues
    {
        Name = claim.Name,
        Email = claim.Address,
        Fields = claim.Fields,
    });

    private LetterWriter WriterOf(Claim claim) => claim.Variant is SubjectTrial.B ? other ?? writer : writer;
}
