using System.Text;
using Newsletter.Replies;

namespace Newsletter.Tests.Core.Replies;

/// <summary>Whatever a mail is made of, its words are found, and what is not shown is not kept secret.</summary>
public sealed class ReplyMailTests
{
    [TestCase("multipart/alternative")]
    [TestCase("multipart/mixed")]
    public void A_multipart_whose_boundary_is_wrong_shows_what_is_in_it(string type) =>
        Assert.That(Read($"Content-Type: {type}; boundary=a\n\n--b\n\nLovely.\n--b--\n").Text, Does.Contain("Lovely."));

    [TestCase("From ida@harbour.example Mon Nov  2 08:00:00 2026")]
    [TestCase(">From ida@harbour.example Mon Nov  2 08:00:00 2026")]
    public void The_line_of_an_mbox_file_is_no_header(string line)
    {
        var mail = ReplyMail.Read(Encoding.UTF8.GetBytes($"{line}\nSubject: Re: x\n\nLovely.\n"));

        Assert.That((mail.Subject, mail.Text), Is.EqualTo(("Re: x", "Lovely.\n")));
    }

    [TestCase("")]
    [TestCase("; charset=us-ascii")]
    public void Octets_that_are_no_UTF_8_and_name_no_other_charset_are_as_Western_programs_write_them(string charset) =>
        Assert.That(ReplyMail.Read((byte[])[.. Encoding.ASCII.GetBytes($"Content-Type: text/plain{charset}\n\n"), .. "5 "u8, 0x80, (byte)' ', 0x96, (byte)' ', 0x93, .. "bien"u8, 0x94, (byte)' ', 0xE9]).Text, Is.EqualTo("5 € – “bien” é"));

    [TestCase("text/plain")]
    [TestCase("text/html")]
    public void A_text_of_more_than_a_million_characters_is_cut_and_says_so(string type)
    {
        var mail = Read($"Content-Type: {type}\n\n{new string('a', 999_999)}bb");

        Assert.That(mail.IsCut, Is.True);
        Assert.That(mail.Text + mail.Html, Has.Length.EqualTo(1_000_000));
        Assert.That(Read($"Content-Type: {type}\n\n{new string('a', 999_999)}b").IsCut, Is.False);
    }

    [Test]
    public void A_mail_of_very_many_parts_is_cut_and_says_so()
    {
        Assert.That(Read($"Content-Type: multipart/mixed; boundary=b\n{string.Concat(Enumerable.Repeat("\n--b\n\nx", 201))}\n--b--\n").IsCut, Is.True);
        Assert.That(Read($"Content-Type: multipart/mixed; boundary=b\n{string.Concat(Enumerable.Repeat("\n--b\n\nx", 199))}\n--b--\n").IsCut, Is.False);
    }

    [TestCase("初光について", "ISO-2022-JP")]
    [TestCase("初光について", "Shift_JIS")]
    [TestCase("Первый свет", "koi8-r")]
    [TestCase("第一道光", "gb2312")]
    [TestCase("5 € – “bien”", "windows-1252")]
    public void A_subject_is_read_in_whatever_charset_it_is_encoded(string subject, string charset)
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(charset)!.GetBytes(subject);

        Assert.That(Read("Content-Type: text/plain\n\nx", $"=?{charset}?B?{Convert.ToBase64String(bytes)}?=").Subject, Is.EqualTo(subject));
    }

    [TestCase("Fwd: x", true)]
    [TestCase("WG[2]: x", true)]
    [TestCase("转发：x", true)]
    [TestCase("Re: Fwd: x", false)]
    [TestCase("x: Fwd: y", false)]
    public void A_mail_that_is_handed_on_is_known_by_the_first_mark_of_its_subject(string subject, bool isForward) => Assert.That(Read("Content-Type: text/plain\n\nx", subject).IsForward, Is.EqualTo(isForward));

    private static ReplyMail Read(string mail, string subject = "Re: x") => ReplyMail.Read(Encoding.UTF8.GetBytes($"From: ida@harbour.example\nSubject: {subject}\nMIME-Version: 1.0\n{mail}"));
}
