using CsCheck;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Issues;

public sealed class ImageFileTests
{
    private static readonly byte[][] Files =
    [
        ImageFiles.Png(640, 480), ImageFiles.Gif(640, 480), ImageFiles.Jpeg(640, 480), ImageFiles.Jpeg(480, 640, orientation: 6), ImageFiles.Jpeg(640, 480, orientation: 3),
        ImageFiles.Jpeg(640, 480, frame: 0xC2), ImageFiles.WebpLossy(640, 480), ImageFiles.WebpLossless(640, 480), ImageFiles.WebpExtended(640, 480), ImageFiles.Svg("width=\"640\" height=\"480\""),
    ];

    [TestCaseSource(nameof(Files))]
    public void Every_kind_says_its_size(byte[] file)
    {
        var facts = ImageFile.Read(file);

        Assert.That((facts.Width, facts.Height, facts.Fault), Is.EqualTo((640, 480, ImageFault.None)));
    }

    [Test]
    public void The_kind_comes_from_the_octets() =>
        Assert.That(Files.Select(file => ImageFile.Read(file).MediaType).Distinct(), Is.EqualTo(new[] { "image/png", "image/gif", "image/jpeg", "image/webp", "image/svg+xml" }));

    [TestCase("width='10cm' height='5cm'", 378, 189)]
    [TestCase("viewBox='0 0 300.4 200'", 300, 200)]
    [TestCase("width=\"150\" viewBox=\"0,0,300,200\"", 150, 100)]
    [TestCase("width=\"100%\" height=\"100%\" viewBox=\"0 0 30 20\"", 30, 20)]
    [TestCase("stroke-width='3'", null, null)]
    [TestCase("width='1e999' height='0' viewBox='0 0 -1 NaN'", null, null)]
    public void An_SVG_has_the_size_it_gives_itself(string attributes, int? width, int? height)
    {
        var facts = ImageFile.Read(ImageFiles.Svg(attributes, "\uFEFF<?xml version=\"1.0\"?>\n<!-- <svg width=\"1\" height=\"1\"> -->\n<!DOCTYPE svg [ <!ENTITY a \"b\"> ]>\n"));

        Assert.That((facts.MediaType, facts.Width, facts.Height), Is.EqualTo(("image/svg+xml", width, height)));
    }

    [TestCase("")]
    [TestCase("<!doctype html><html><body><svg width='1' height='1'></svg></body></html>")]
    [TestCase("BM000000")]
    [TestCase("GIF")]
    [TestCase("RIFF0000WAVE")]
    [TestCase("text about <svg>")]
    public void What_is_no_image_is_none(string text) => Assert.That(ImageFile.Read(System.Text.Encoding.UTF8.GetBytes(text)).Fault, Is.EqualTo(ImageFault.NoImage));

    [Test]
    public void A_file_that_is_cut_off_anywhere_is_read_as_far_as_it_goes()
    {
        foreach (var file in Files)
            for (var length = 0; length <= file.Length; length++)
                Assert.That(ImageFile.Read(file.AsSpan(0, length)).Width, Is.EqualTo(640).Or.EqualTo(480).Or.Null);
    }

    [Test]
    public void Nothing_in_a_file_makes_it_throw() =>
        Gen.Select(Gen.Int[0, Files.Length - 1].Select(i => Files[i]), Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[0, 20], Gen.Byte.Array[0, 40]).Sample((file, changes, tail) =>
        {
            var changed = file.Concat(tail).ToArray();
            foreach (var (at, octet) in changes)
                changed[at % changed.Length] = octet;
            var facts = ImageFile.Read(changed);
            return facts is { Width: null or > 0, Height: null or > 0 } && facts.Width is null == facts.Height is null;
        }, iter: 20_000);

    [Test]
    public void A_file_of_nothing_but_marks_takes_time_in_its_length()
    {
        var comments = ImageFiles.Svg("", string.Concat(Enumerable.Repeat("<!--", 500_000)));
        var segments = new byte[] { 0xFF, 0xD8 }.Concat(Enumerable.Repeat<byte[]>([0xFF, 0xE1, 0, 2], 500_000).SelectMany(part => part)).ToArray();

        Assert.That(ImageFile.Read(comments).Width, Is.Null);
        Assert.That(ImageFile.Read(segments).Width, Is.Null);
    }
}
