"""Mistakes that students really make with `descend`: what each computes, and the hint it earns."""

from lesson import descend

from autograder.checking import misconception


@misconception("descend")
def uphill(weights, gradients, rate):
    """The steps lead uphill: the gradients were added.

    A gradient says where the loss *grows*. In which direction does it fall?
    """
    return descend(weights, gradients, -rate)


@misconception("descend")
def rate_forgotten(weights, gradients, rate):
    """The whole gradients were subtracted, without the learning rate.

    Such steps are so large that they may well leap over the valley. Which of your arguments have you not used yet?
    """
    return descend(weights, gradients, 1)


@misconception("descend")
def divided_by_the_rate(weights, gradients, rate):
    """The gradients were divided by the learning rate.

    A smaller rate should give smaller steps. What does your code make of a rate of 0.1?
    """
    return descend(weights, gradients, 1 / rate)


@misconception("descend")
def weights_scaled_too(weights, gradients, rate):
    """The learning rate has multiplied the weights as well.

    With a rate near 0, nothing should change, and your weights all become 0. To what does the rate belong? Look at your
    brackets.
    """
    return {name: rate * (weights[name] - gradients[name]) for name in weights}


@misconception("descend", constants={"sign": (-1,)})
def only_the_steps(weights, gradients, rate, *, sign=1):
    """Only the steps came back, rate times gradient, and not where they lead.

    A step starts from where you are. What is it subtracted from?
    """
    return {name: sign * rate * gradients[name] for name in weights}


@misconception("descend")
def gradients_came_back(weights, gradients, rate):
    """The gradients came back as they were given.

    They say where the loss grows. Where do the weights stand after one small step the other way?
    """
    return gradients


@misconception("descend")
def nothing_moved(weights, gradients, rate):
    """The weights came back as they were given: nothing has moved.

    Did you put the new arrays into the dict that you return? `W = W - ...` gives a new array a name, and no dict knows
    of it.
    """
    return {name: weights[name] for name in weights}


@misconception("descend")
def the_first_name_only(weights, gradients, rate):
    """Only one array came back, the first: the function has returned too early.

    What is indented under `for` is done for every name, and a `return` ends it all. Where does yours stand?
    """
    new = descend(weights, gradients, rate)
    return {name: new[name] for name in list(weights)[:1]}


@misconception("descend")
def the_last_name_only(weights, gradients, rate):
    """Only one array came back, the last: the others were forgotten on the way.

    A new dict should be begun once, before the first name. Where is yours made?
    """
    new = descend(weights, gradients, rate)
    return {name: new[name] for name in list(weights)[-1:]}


@misconception("descend")
def the_others_left_as_they_were(weights, gradients, rate):
    """Only the first array has moved, and the others came back as they were: the function has returned too early.

    What is indented under `for` is done for every name, and a `return` ends it all. Where does yours stand?
    """
    first = list(weights)[:1]
    return weights | {name: weights[name] - rate * gradients[name] for name in first}


@misconception("descend")
def paired_by_their_order(weights, gradients, rate):
    """Each array took the gradient that stands in the same place of the other dict, and not that of its own name.

    Two dicts may have the same names in another order. With which of the two does your loop begin, and how does it find
    its partner?
    """
    pairs = zip(weights, weights.values(), gradients.values(), strict=True)
    return {name: array - rate * gradient for name, array, gradient in pairs}


@misconception("descend")
def one_gradient_for_all(weights, gradients, rate):
    """All arrays took the same gradient, the last one.

    Every array has a gradient of its own, under its own name. With which name does your loop look it up?
    """
    last = list(gradients.values())[-1]
    return {name: weights[name] - rate * last for name in weights}


@misconception("descend", slip=True)
def arrays_without_names(weights, gradients, rate):
    """The arrays came back in a list, without their names.

    The caller looks them up by name, as in `weights["W_q"]`. What stands in front of the colon in a dict?
    """
    return list(descend(weights, gradients, rate).values())


@misconception("descend")
def written_into_the_weights(weights, gradients, rate):
    """The step was written into the weights that the caller still holds.

    `-=` changes the array itself, and a copy of a dict still holds the same arrays. What makes a new array of `W` and
    `dW`, and what makes a new dict to return?
    """
    for name in weights:
        weights[name] -= rate * gradients[name]
    return weights
