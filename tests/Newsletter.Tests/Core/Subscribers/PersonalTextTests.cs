using CsCheck;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Core.Subscribers;

public sealed class PersonalTextTests
{
    [TestCase("Ada\r\nBcc: all@example.org", "Ada Bcc: all@example.org")]
    [TestCase("  Ada \t Lovelace ", "Ada Lovelace")]
    [TestCase("\u001b[31mAda\0", "[31mAda")]
    [TestCase("Ada\u2028Lovelace", "Ada Lovelace")]
    [TestCase(null, "")]
    public void A_name_is_one_line_without_controls(string? text, string expected) =>
        Assert.That(PersonalText.OneLine(text, PersonalText.MaxName), Is.EqualTo(expected));

    [TestCase("First Name", "first_name")]
    [TestCase(" Größe (cm) ", "größe__cm")]
    [TestCase("???", "")]
    [TestCase("--", "")]
    public void A_fields_name_is_one_that_a_template_can_write(string text, string expected) =>
        Assert.That(PersonalText.FieldName(text), Is.EqualTo(expected));

    [Test]
    public void A_cut_leaves_no_half_of_a_pair() =>
        Assert.That(PersonalText.OneLine("ab😀", 3), Is.EqualTo("ab"));

    [Test]
    public void Whatever_is_written_a_profile_is_bounded_and_stable() =>
        Gen.Select(Gen.String, Gen.Dictionary(Gen.String, Gen.String), Gen.String.Array).Sample((name, fields, tags) =>
        {
            var once = new Profile(EmailAddress.Read("a@example.org")!) { Name = name, Fields = fields, Tags = tags };
            var twice = once with { Name = once.Name, Fields = once.Fields, Tags = once.Tags };
            return once.Name.Length <= PersonalText.MaxName && !once.Name.Any(char.IsControl) && twice.Name == once.Name
                   && twice.Fields.SequenceEqual(once.Fields) && twice.Tags.SequenceEqual(once.Tags)
                   && once.Fields.Values.All(value => !value.Any(letter => char.IsControl(letter) && letter is not '\n'));
        });
}
