using System.Text;
using Newsletter.Addresses;
using Newsletter.Replies;

namespace Newsletter.Tests.Core.Replies;

/// <summary>Of what the editor answers from their own mailbox, the reader gets the words and what was quoted of theirs, never our note to the editor.</summary>
public sealed class OnwardTextTests
{
    private const string Note = "-- \nIda <ida@harbour.example> wrote this about \"Hedges\".\nAttached, and kept with the mail: map.pdf.\nAnswer this mail, and the reader gets your answer from editor@example.org.\nIn the inbox: newsletter inbox show 2\n";

    private static readonly OurAddresses Ours = Some.OurAddresses();

    [Test]
    public void Our_note_is_cut_where_the_answer_stands_below_it() =>
        Assert.That(Onward($"On 2 Nov 2026, Ida wrote:\n{Quoted($"Lovely.\n\n{Note}")}\nGladly, Ida.\n"), Is.EqualTo("On 2 Nov 2026, Ida wrote:\n> Lovely.\n> \n\nGladly, Ida."));

    [Test]
    public void Our_note_is_cut_though_a_program_broke_its_lines_and_trimmed_their_ends() =>
        Assert.That(Onward($"On 2 Nov 2026, Ida wrote:\n{Quoted("Lovely.\n--\nIda wrote\nthis.\nAnswer this mail, and the reader gets your answer\nfrom editor@example.org.\nIn the inbox: newsletter inbox show 2\n")}\nGladly, Ida.\n"), Is.EqualTo("On 2 Nov 2026, Ida wrote:\n> Lovely.\n\nGladly, Ida."));

    [Test]
    public void What_is_written_within_our_note_goes_on_and_what_the_reader_signed_with()
    {
        var answer = $"On 2 Nov 2026, Ida wrote:\n{Quoted($"Lovely.\n\n-- \nIda\n\n{Note}").Replace("> Attached", "\nYour map is good.\n\n> Attached", StringComparison.Ordinal)}\nGladly, Ida.\n";

        Assert.That(Onward(answer), Does.Contain("> Ida\n").And.Contain("Your map is good.").And.EndWith("Gladly, Ida.").And.Not.Contain("wrote this").And.Not.Contain("map.pdf").And.Not.Contain("newsletter inbox"));
    }

    [Test]
    public void What_the_editor_writes_of_it_themselves_goes_on() =>
        Assert.That(Onward("Type this:\n\nIn the inbox: newsletter inbox show 2\n"), Does.EndWith("In the inbox: newsletter inbox show 2"));

    private static string Quoted(string text) => string.Concat(text.TrimEnd('\n').Split('\n').Select(line => $"> {line}\n"));

    private static string Onward(string text) => ReceivedReply.Read(Encoding.UTF8.GetBytes($"From: erik@home.example\nTo: {Ours.Forward(2, 2)}\nSubject: Re: Hedges\n\n{text}"), Ours).Onward;
}
