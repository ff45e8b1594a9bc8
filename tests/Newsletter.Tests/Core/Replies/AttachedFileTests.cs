using System.Text;
using Newsletter.Replies;

namespace Newsletter.Tests.Core.Replies;

/// <summary>Files are judged by their content, their name and what they say they are.</summary>
public sealed class AttachedFileTests
{
    private static readonly byte[] Png = [0x89, .. "PNG\r\n\x1A\n"u8, 0, 0, 0, 13];
    private static readonly byte[] Program = [.. "MZ"u8, 0x90, 0, 3];

    [TestCase("map.png", "image/png", "png", "")]
    [TestCase("photo.jpg", "image/jpeg", "png", "it is called .jpg and is a PNG image")]
    [TestCase("photo.png", "image/png", "exe", "it is a Windows program: do not open it")]
    [TestCase("invoice.pdf.exe", "application/octet-stream", "exe", "it is a Windows program: do not open it")]
    [TestCase("invoice.pdf.js", "application/pdf", "text", "it is called like a .pdf and is a .js: do not open it")]
    [TestCase("run.vbs", "text/plain", "text", ".vbs files can run programs: do not open it")]
    [TestCase("drawing.svg", "image/svg+xml", "text", ".svg files can run programs: do not open it")]
    [TestCase("table.xlsm", "application/octet-stream", "zip", "it holds macros: open it only if you expect it, and with macros off")]
    [TestCase("letter.docx", "application/octet-stream", "macro", "it holds macros: open it only if you expect it, and with macros off")]
    [TestCase("letter.docx", "application/octet-stream", "zip", "")]
    [TestCase("pictures.zip", "application/zip", "zip", "an archive: what is in it was not looked at")]
    [TestCase("page.html", "text/html", "text", "a page of its own: it may ask for passwords that are none of its business")]
    [TestCase("image", "image/png", "exe", "it is a Windows program: do not open it")]
    [TestCase("notes.txt", "text/plain", "text", "")]
    public void What_is_dangerous_is_said(string name, string type, string content, string warning) =>
        Assert.That(AttachedFile.Of(1, name, type, "", Content(content)).Warning, Is.EqualTo(warning));

    [TestCase("../../etc/passwd", "_.._etc_passwd")]
    [TestCase("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt")]
    [TestCase("invoice\u202Efdp.exe", "invoicefdp.exe", Description = "a mark that turns the order of letters would show it as invoiceexe.pdf")]
    [TestCase("", "file-3")]
    [TestCase("...", "file-3")]
    public void A_name_cannot_lead_anywhere(string name, string safe) => Assert.That(AttachedFile.Of(3, name, "text/plain", "", "x"u8).Name, Is.EqualTo(safe));

    [Test]
    public void A_long_name_keeps_its_ending() => Assert.That(AttachedFile.Of(1, new string('a', 500) + ".pdf.exe", "", "", "x"u8).Name, Has.Length.LessThan(130).And.EndsWith(".pdf.exe"));

    [TestCase("png", true)]
    [TestCase("svg", false)]
    [TestCase("exe", false)]
    public void An_image_is_what_is_one_by_its_content(string content, bool isImage) => Assert.That(AttachedFile.Of(1, "x.png", "image/png", "", Content(content)).IsImage, Is.EqualTo(isImage));

    [Test]
    public void A_file_is_found_again_by_its_number()
    {
        var raw = Encoding.UTF8.GetBytes("Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nwords\n--b\nContent-Type: text/plain; name=a.txt\nContent-Disposition: attachment; filename=a.txt\n\none\n--b\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner words\n--b--\n");

        var mail = ReplyMail.Read(raw);

        Assert.That(mail.Text, Is.EqualTo("words"));
        Assert.That(mail.Files.Select(file => (file.Index, file.Name)), Is.EqualTo(new[] { (1, "a.txt"), (2, "inner.eml") }));
        Assert.That(Encoding.UTF8.GetString(mail.Content(mail.Files[0])), Is.EqualTo("one"));
        Assert.That(Encoding.UTF8.GetString(mail.Content(mail.Files[1])), Does.Contain("inner words"));
    }

    private static byte[] Content(string kind) => kind switch
    {
        "png" => Png,
        "exe" => Program,
        "zip" => [.. "PK"u8, 3, 4, .. "word/document.xml"u8],
        "macro" => [.. "PK"u8, 3, 4, .. "word/vbaProject.bin"u8],
        "svg" => "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"u8.ToArray(),
        _ => "words"u8.ToArray(),
    };
}
